//! Accounts: which interests a source states together, and when it states them.

use super::Account;
use super::column::{ColumnBuilder, at};
use crate::model::PartialDate;
use arrow_buffer::ScalarBuffer;
use std::collections::HashMap;

/// What the accounts of one publication have in common: when it was published and retrieved, one more than the number of
/// the source, and flags.
type Context = [u32; 4];

const ROWS_ADD: u32 = 1;

fn context(account: &Account) -> Context {
    [
        PartialDate::to_bits(account.published),
        PartialDate::to_bits(account.retrieved),
        account.source.map_or(0, |source| source.wrapping_add(1)),
        u32::from(account.rows_add) * ROWS_ADD,
    ]
}

fn account(stated: u32, [published, retrieved, source, flags]: Context) -> Account {
    Account {
        stated: PartialDate::from_bits(stated),
        published: PartialDate::from_bits(published),
        retrieved: PartialDate::from_bits(retrieved),
        source: source.checked_sub(1),
        rows_add: flags & ROWS_ADD != 0,
    }
}

/// All accounts, by number.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    pub(super) stated: ScalarBuffer<u32>,
    /// Which of the contexts each account has.
    pub(super) contexts: ScalarBuffer<u32>,
    pub(super) distinct: ScalarBuffer<u32>,
    pub(super) count: u32,
}

impl Accounts {
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    pub(super) fn get(&self, number: u32) -> Account {
        let number = number as usize;
        let context = at(&self.contexts, number) as usize;
        account(at(&self.stated, number), at(self.distinct.as_chunks::<4>().0, context))
    }
}

/// Accounts while they are gathered.
#[derive(Debug, Default)]
pub(crate) struct AccountsBuilder {
    count: u32,
    stated: ColumnBuilder<u32>,
    contexts: ColumnBuilder<u32>,
    distinct: Vec<Context>,
    known: HashMap<Context, u32>,
}

impl AccountsBuilder {
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    pub(super) fn get(&self, number: u32) -> Account {
        let context = self.contexts.get(number as usize) as usize;
        account(self.stated.get(number as usize), at(&self.distinct, context))
    }

    /// Adds an account; `None` when there are too many.
    pub(super) fn push(&mut self, account: Account) -> Option<u32> {
        let number = self.count;
        self.count = number.checked_add(1)?;
        self.set(number, account);
        Some(number)
    }

    pub(super) fn set(&mut self, number: u32, account: Account) {
        let context = self.number_of(context(&account));
        self.contexts.set(number as usize, context);
        self.stated.set(number as usize, PartialDate::to_bits(account.stated));
    }

    fn number_of(&mut self, context: Context) -> u32 {
        // Neighbours mostly share theirs.
        if let Some(last) = self.distinct.last().filter(|&&last| last == context).map(|_| self.distinct.len() - 1) {
            return last as u32;
        }
        *self.known.entry(context).or_insert_with(|| {
            self.distinct.push(context);
            self.distinct.len() as u32 - 1
        })
    }

    pub(super) fn finish(self) -> Accounts {
        Accounts {
            stated: self.stated.into_full(self.count as usize).into(),
            contexts: self.contexts.into_full(self.count as usize).into(),
            distinct: self.distinct.into_flattened().into(),
            count: self.count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_come_back_as_they_were_given() {
        let date = |text: &str| text.parse().ok();
        let given = [
            Account { stated: date("2020-02"), source: Some(0), ..Account::default() },
            Account { published: date("2021"), retrieved: date("2021-03-04"), rows_add: true, ..Account::default() },
            Account { stated: date("2019"), source: Some(0), ..Account::default() },
            Account::default(),
        ];
        let mut builder = AccountsBuilder::default();
        let numbers: Vec<_> = given.iter().map(|&account| builder.push(account)).collect();
        assert_eq!(numbers, [Some(0), Some(1), Some(2), Some(3)]);
        builder.set(3, given[1]);
        assert_eq!((builder.get(2), builder.get(3), builder.distinct.len()), (given[2], given[1], 3));
        let accounts = builder.finish();
        assert_eq!([0, 1, 2, 3].map(|number| accounts.get(number)), [given[0], given[1], given[2], given[1]]);
    }
}
