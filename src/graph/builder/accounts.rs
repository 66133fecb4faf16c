//! Accounts: which interests are stated together, by whom, when, and in which order they were read.

use super::GraphBuilder;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Account;
use std::collections::{HashMap, HashSet};

impl GraphBuilder {
    /// The account under which interests that are stated together stand.
    pub(crate) fn account(&mut self, input: u16, statement: &str, account: Account) -> Result<u32> {
        if let Some(&number) = self.statements.get(&(input, statement.to_owned())) {
            let known = self.accounts.get(number);
            self.accounts.set(number, Account { stated: known.stated.max(account.stated), ..known });
            return Ok(number);
        }
        let number = self.new_account(account)?;
        self.statements.insert((input, statement.to_owned()), number);
        Ok(number)
    }

    /// An account that is nobody else's.
    pub(crate) fn new_account(&mut self, account: Account) -> Result<u32> {
        let number = self.accounts.push(account);
        number.ok_or_else(|| Error::plain(ErrorKind::Limit, "more than 4,294,967,295 statements in one graph"))
    }

    /// How many accounts there are: the number of the next one.
    pub(crate) fn account_count(&self) -> u32 {
        self.accounts.count()
    }

    /// The source of an account's interests that name none of their own.
    pub(crate) fn account_source(&self, account: u32) -> Option<&str> {
        let position = self.accounts.get(account).source?;
        self.sources.get(position as usize).map(|source| source.id.as_str())
    }

    /// Interests that have no source, in accounts whose others have one: there each interest names its own.
    pub(crate) fn settle_sources(&mut self, sourceless: &HashSet<u32>) {
        if sourceless.is_empty() {
            return;
        }
        let mixed: HashSet<u32> = sourceless.iter().map(|&number| self.interests.get(number).account()).collect();
        for number in 0..self.interests.count() as u32 {
            let account = self.interests.get(number).account();
            if !mixed.contains(&account) || sourceless.contains(&number) {
                continue;
            }
            let source = self.accounts.get(account).source;
            let source = source.and_then(|position| self.sources.get(position as usize));
            let sources = &mut self.interests.details.entry(number).sources;
            if sources.is_empty() {
                sources.extend(source.map(|source| source.id.clone()));
            }
        }
        for &account in &mixed {
            let known = self.accounts.get(account);
            self.accounts.set(account, Account { source: None, ..known });
        }
    }

    /// The dates of accounts from `first` on are all that is known: those of their sources do not stand in for them.
    pub(crate) fn dates_are_final(&mut self, first: u32) {
        self.dated.push(first..self.account_count());
    }

    /// Puts accounts into the order in which they were first read: `ranks` lists accounts from number `first` on with
    /// their places among each other; all others keep theirs.
    pub(crate) fn reorder_accounts(&mut self, first: u32, mut ranks: Vec<(u64, u32)>) {
        let mut places: Vec<u32> = ranks.iter().map(|&(_, account)| account).collect();
        places.sort_unstable();
        ranks.sort_unstable();
        if ranks.iter().map(|&(_, account)| account).eq(places.iter().copied()) {
            return;
        }
        let moved: HashMap<u32, u32> = ranks.iter().zip(&places).map(|(&(_, old), &new)| (old, new)).collect();
        let old: Vec<(u32, Account)> = moved.iter().map(|(&from, &to)| (to, self.accounts.get(from))).collect();
        old.into_iter().for_each(|(to, account)| self.accounts.set(to, account));
        for number in 0..self.interests.count() as u32 {
            let account = self.interests.get(number).account();
            if let Some(&account) = (account >= first).then(|| moved.get(&account)).flatten() {
                self.interests.change(number, |interest| interest.set_account(account));
            }
        }
    }
}
