//! Accounts: which interests are stated together, by whom, when, and in which order they were read.

use super::GraphBuilder;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Account;
use std::collections::{HashMap, HashSet};

impl GraphBuilder {
    /// The account under which interests that are stated together stand.
    pub(crate) fn account(&mut self, input: u16, statement: &str, account: Account) -> Result<u32> {
        if let Some(&number) = self.accounts.get(&(input, statement.to_owned())) {
            let known = &mut self.graph.accounts[number as usize];
            known.stated = known.stated.max(account.stated);
            return Ok(number);
        }
        let number = self.new_account(account)?;
        self.accounts.insert((input, statement.to_owned()), number);
        Ok(number)
    }

    /// An account that is nobody else's.
    pub(crate) fn new_account(&mut self, account: Account) -> Result<u32> {
        let number = u32::try_from(self.graph.accounts.len())
            .map_err(|_| Error::plain(ErrorKind::Limit, "more than 4,294,967,295 statements in one graph"))?;
        self.graph.accounts.push(account);
        Ok(number)
    }

    /// How many accounts there are: the number of the next one.
    pub(crate) fn account_count(&self) -> u32 {
        self.graph.accounts.len() as u32
    }

    /// The source of an account's interests that name none of their own.
    pub(crate) fn account_source(&self, account: u32) -> Option<&str> {
        let position = self.graph.accounts.get(account as usize)?.source?;
        self.graph.sources.get(position as usize).map(|source| source.id.as_str())
    }

    /// Interests that have no source, in accounts whose others have one: there each interest names its own.
    pub(crate) fn settle_sources(&mut self, sourceless: &HashSet<u32>) {
        if sourceless.is_empty() {
            return;
        }
        let mixed: HashSet<u32> =
            sourceless.iter().map(|&number| self.graph.interests[number as usize].account).collect();
        for (number, interest) in self.graph.interests.iter().enumerate() {
            let number = number as u32;
            if !mixed.contains(&interest.account) || sourceless.contains(&number) {
                continue;
            }
            let source = self.graph.accounts[interest.account as usize].source;
            let source = source.and_then(|position| self.graph.sources.get(position as usize));
            let sources = &mut self.details.entry(number).or_default().sources;
            if sources.is_empty() {
                sources.extend(source.map(|source| source.id.clone()));
            }
        }
        mixed.iter().for_each(|&account| self.graph.accounts[account as usize].source = None);
    }

    /// The dates of accounts from `first` on are all that is known: those of their sources do not stand in for them.
    pub(crate) fn dates_are_final(&mut self, first: u32) {
        self.graph.dated.push(first..self.account_count());
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
        let old = self.graph.accounts.clone();
        moved.iter().for_each(|(&from, &to)| self.graph.accounts[to as usize] = old[from as usize]);
        for interest in self.graph.interests.iter_mut().filter(|interest| interest.account >= first) {
            interest.account = moved.get(&interest.account).copied().unwrap_or(interest.account);
        }
    }
}
