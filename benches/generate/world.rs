//! Who owns what: a pure function of the number of interests and the seed, so that nothing need be held.
//!
//! Companies have ranks. An owner that is a company has a lower rank than what it owns, except in the circles that
//! are put in on purpose: one large one, small ones, companies that hold themselves.

use super::random::{Draws, Shuffle};

/// What is drawn for: each has draws of its own.
pub mod drawn_for {
    pub const COUNT: u64 = 1;
    pub const CIRCLE: u64 = 2;
    pub const OWNERS: u64 = 3;
    pub const COMPANY: u64 = 4;
    pub const PERSON: u64 = 5;
    pub const COUNTRY: u64 = 6;
    pub const NUMBERS: u64 = 7;
    pub const ORDER: u64 = 8;
    pub const RECORD: u64 = 9;
    pub const QUESTIONS: u64 = 10;
}

/// The whole, in hundredths of a percent.
pub const WHOLE: u64 = 10_000;

/// The most owners that a company has.
const MOST_OWNERS: u64 = 3_072;

/// The most members of the large circle.
const LARGEST_CIRCLE: u64 = 1_400;

/// Ranks come in blocks; a small circle lies in one.
const BLOCK: u64 = 16;

/// One of so many blocks is a small circle.
const BLOCKS_A_CIRCLE: u64 = 330;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// A company, by its rank.
    Company(u64),
    Person(u64),
}

/// One interest, without what a record says of it beside the share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interest {
    pub owner: Party,
    /// The rank of the company.
    pub owned: u64,
    /// In hundredths of a percent.
    pub share: u64,
    /// The register only knows a band.
    pub banded: bool,
}

/// Ends of a band in percent, with what is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    From25To50,
    From50To75,
    From75,
}

impl Interest {
    /// The band of the law, for an interest of more than a quarter.
    pub fn band(&self) -> Option<Band> {
        match self.share {
            0..=2_500 => None,
            2_501..=5_000 => Some(Band::From25To50),
            5_001..7_500 => Some(Band::From50To75),
            _ => Some(Band::From75),
        }
    }
}

/// Where a company stands towards circles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Ordinary,
    /// A member of the large circle.
    Large(u64),
    /// A member of a small circle, held by another one of it, with a share in hundredths of a percent.
    Small {
        before: u64,
        share: u64,
    },
    HeldByItself,
}

#[derive(Debug)]
pub struct World {
    pub seed: u64,
    pub interests: u64,
    pub companies: u64,
    /// So many persons there are to choose from; about half of them own something.
    pub persons: u64,
    large: std::ops::Range<u64>,
    /// The owners that the last company has.
    owners_of_last: u64,
    order: Shuffle,
}

impl World {
    pub fn new(interests: u64, seed: u64) -> Self {
        let first = (interests / 50).clamp(2 * BLOCK, 1 << 40) / BLOCK * BLOCK;
        let members = (interests / 1_000).min(LARGEST_CIRCLE);
        let large = first..first + if members < 2 { 0 } else { members };
        let persons = (interests + interests / 4).max(4 * BLOCK);
        let order = Shuffle::new(seed, 1);
        let mut world = Self { seed, interests, companies: 0, persons, large, owners_of_last: 0, order };
        let mut left = interests;
        while left > 0 {
            world.owners_of_last = world.count(world.companies).min(left);
            left -= world.owners_of_last;
            world.companies += 1;
        }
        world.order = Shuffle::new(seed.wrapping_add(drawn_for::ORDER), world.companies);
        world
    }

    pub fn draws(&self, subject: u64, index: u64) -> Draws {
        Draws::of(self.seed, subject, index)
    }

    /// All ranks that can come up: a small circle may end beyond the last company that has owners.
    pub fn ranks(&self) -> u64 {
        self.companies + BLOCK
    }

    /// The rank of the company that stands at a position in the files. Registers are not sorted by who owns whom.
    pub fn rank_at(&self, position: u64) -> u64 {
        self.order.at(position)
    }

    /// The number of members of the large circle.
    pub fn largest_circle(&self) -> u64 {
        self.large.end - self.large.start
    }

    fn place(&self, rank: u64) -> Place {
        if self.large.contains(&rank) {
            return Place::Large(rank - self.large.start);
        }
        let (block, offset) = (rank / BLOCK, rank % BLOCK);
        let mut draws = self.draws(drawn_for::CIRCLE, block);
        let beside_large = self.large.contains(&(block * BLOCK)) || self.large.contains(&(block * BLOCK + BLOCK - 1));
        // The second block always holds a circle, so that small graphs have one.
        if (block == 1 || block > 1 && draws.below(BLOCKS_A_CIRCLE) == 0) && !beside_large {
            let size = if draws.percent(60) { 2 + draws.below(2) } else { 2 + draws.below(BLOCK - 2) };
            if offset < size {
                let before = block * BLOCK + (offset + size - 1) % size;
                let share = if draws.percent(4) { 5_100 + draws.below(900) } else { 500 + draws.below(2_500) };
                return Place::Small { before, share };
            }
        }
        if rank > 0 && self.draws(drawn_for::CIRCLE, !rank).below(4_000) < 3 {
            Place::HeldByItself
        } else {
            Place::Ordinary
        }
    }

    /// How many owners a company has, as far as the number of interests does not end before.
    fn count(&self, rank: u64) -> u64 {
        let mut draws = self.draws(drawn_for::COUNT, rank);
        match self.place(rank) {
            Place::Large(_) => return 8 + draws.below(16),
            Place::Small { .. } | Place::HeldByItself => return 2 + draws.below(3),
            Place::Ordinary => {}
        }
        match draws.below(100) {
            0..3 => 0,
            3..54 => 1,
            54..80 => 2,
            80..93 => 3 + draws.below(3),
            // Twice as many are four times as rare.
            _ => {
                let doublings = draws.next().trailing_zeros() / 2;
                let least = 6 << doublings.min(9);
                (least + draws.below(least)).min(MOST_OWNERS).min(6 + self.interests / 50)
            }
        }
    }

    /// The interests in one company.
    pub fn interests_in(&self, owned: u64, interests: &mut Vec<Interest>) {
        interests.clear();
        let count = match self.companies.checked_sub(owned + 1) {
            None => 0,
            Some(0) => self.owners_of_last,
            Some(_) => self.count(owned),
        };
        if count == 0 {
            return;
        }
        let mut draws = self.draws(drawn_for::OWNERS, owned);
        let place = self.place(owned);
        let (owner, kept) = self.first_owner(place, owned, &mut draws);
        let mut shares = Shares::of(count, kept, &mut draws);
        let mut taken = Taken::default();
        for slot in 0..count {
            let owner = match owner {
                Some(owner) if slot == 0 => owner,
                _ => self.another_owner(place, owned, (slot, count), &mut draws),
            };
            let owner = taken.take(owner, self.persons);
            let share = shares.next(&mut draws);
            let banded = share > 2_500 && draws.percent(30);
            interests.push(Interest { owner, owned, share, banded });
        }
    }

    /// The owner that makes a circle, and its share.
    fn first_owner(&self, place: Place, owned: u64, draws: &mut Draws) -> (Option<Party>, Option<u64>) {
        match place {
            Place::Ordinary => (None, None),
            Place::Large(member) => {
                let size = self.largest_circle();
                let before = self.large.start + (member + size - 1) % size;
                (Some(Party::Company(before)), Some(100 + draws.below(900)))
            }
            Place::Small { before, share } => (Some(Party::Company(before)), Some(share)),
            Place::HeldByItself => (Some(Party::Company(owned)), Some(100 + draws.below(900))),
        }
    }

    fn another_owner(&self, place: Place, owned: u64, (slot, count): (u64, u64), draws: &mut Draws) -> Party {
        // A third of the owners of the large circle are outside of it.
        if matches!(place, Place::Large(_)) && slot % 3 != 2 {
            return Party::Company(self.large.start + draws.below(self.largest_circle()));
        }
        if owned > 0 && draws.percent(if count == 1 { 42 } else { 18 }) {
            return Party::Company(self.company_above(owned, draws));
        }
        let large_holder = draws.percent(20);
        Party::Person(if large_holder { draws.skewed_below(self.persons) } else { draws.below(self.persons) })
    }

    /// Within a group, the next above; or a member of the large circle; or somebody who holds very much.
    fn company_above(&self, owned: u64, draws: &mut Draws) -> u64 {
        match draws.below(100) {
            0..60 => owned - 1 - draws.below(owned.min(40)),
            60..65 if !self.large.is_empty() && self.large.end <= owned => {
                self.large.start + draws.below(self.largest_circle())
            }
            _ => draws.skewed_below(owned),
        }
    }
}

/// The owners of a company so far: nobody turns up twice.
#[derive(Default)]
struct Taken(std::collections::HashSet<Party>);

impl Taken {
    fn take(&mut self, owner: Party, persons: u64) -> Party {
        let mut owner = owner;
        while !self.0.insert(owner) {
            owner = match owner {
                // Somebody else instead of a company that is an owner already.
                Party::Company(rank) => Party::Person(super::random::mix(rank) % persons),
                Party::Person(index) => Party::Person((index + 1) % persons),
            };
        }
        owner
    }
}

/// The shares of the owners of one company, which never add up to more than the whole.
struct Shares {
    count: u64,
    given: u64,
    /// What the first owner has, where that is settled.
    first: Option<u64>,
    left: u64,
}

impl Shares {
    fn of(count: u64, first: Option<u64>, draws: &mut Draws) -> Self {
        // The rest of some companies is in small holdings that no register lists.
        let listed = if count > 2 && draws.percent(30) { 6_000 + draws.below(4_000) } else { WHOLE };
        Self { count, given: 0, first, left: listed }
    }

    fn next(&mut self, draws: &mut Draws) -> u64 {
        self.given += 1;
        let after = self.count - self.given;
        let share = match (self.first.take(), self.given, after) {
            (Some(share), ..) => share,
            (None, 1, 0) => {
                if draws.percent(78) {
                    WHOLE
                } else {
                    5_100 + draws.below(4_900)
                }
            }
            (None, 1, 1) if draws.percent(40) => WHOLE / 2,
            (None, 1, 1) => round(5_100 + draws.below(4_800), draws),
            // The last one has what is left, or a part of it.
            (None, _, 0) => {
                if draws.percent(85) {
                    self.left
                } else {
                    1 + draws.below(self.left)
                }
            }
            // Among many nobody has half of all; each leaves enough for those after.
            (None, _, after) => {
                let fair = 2 * (self.left - after) / (after + 1);
                round(1 + draws.below(fair.clamp(1, 4_900)), draws).min(self.left - after)
            }
        };
        self.left -= share.min(self.left);
        share
    }
}

/// Three shares in five are whole percents.
fn round(share: u64, draws: &mut Draws) -> u64 {
    if share > 200 && draws.percent(60) { share / 100 * 100 } else { share }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn companies(world: &World) -> Vec<Vec<Interest>> {
        let list = |rank| {
            let mut interests = Vec::new();
            world.interests_in(rank, &mut interests);
            interests
        };
        (0..world.companies).map(list).collect()
    }

    #[test]
    fn there_are_as_many_interests_as_asked_for() {
        for interests in [10, 11, 100, 2_000, 30_000] {
            let world = World::new(interests, 3);
            assert_eq!(companies(&world).iter().map(Vec::len).sum::<usize>() as u64, interests);
        }
    }

    #[test]
    fn shares_never_exceed_the_whole_and_nobody_owns_twice() {
        for interests in companies(&World::new(30_000, 5)) {
            assert!(interests.iter().map(|interest| interest.share).sum::<u64>() <= WHOLE, "{interests:?}");
            assert!(interests.iter().all(|interest| interest.share > 0), "{interests:?}");
            let mut owners: Vec<String> = interests.iter().map(|interest| format!("{:?}", interest.owner)).collect();
            owners.sort_unstable();
            owners.dedup();
            assert_eq!(owners.len(), interests.len());
        }
    }

    #[test]
    fn mixes_are_the_usual_ones() {
        let companies = companies(&World::new(30_000, 1));
        let part = |these: &dyn Fn(&[Interest]) -> bool| {
            100 * companies.iter().filter(|interests| these(interests)).count() / companies.len()
        };
        assert!((48..55).contains(&part(&|interests| interests.len() == 1)));
        assert!((35..45).contains(&part(&|interests| interests.len() == 1 && interests[0].share == WHOLE)));
        assert!((8..13).contains(&part(&|interests| interests.len() == 2 && interests[0].share == interests[1].share)));
        assert!((90..97).contains(&part(&|interests| (1..=5).contains(&interests.len()))));
    }

    #[test]
    fn few_hold_very_much() {
        let mut holdings = std::collections::HashMap::new();
        let world = World::new(100_000, 1);
        companies(&world).iter().flatten().for_each(|interest| *holdings.entry(interest.owner).or_insert(0u64) += 1);
        let mut counts: Vec<u64> = holdings.values().copied().collect();
        counts.sort_unstable_by(|left, right| right.cmp(left));
        assert!((150..2_000).contains(&counts[0]), "{}", counts[0]);
        assert!(counts[0] > 20 * counts[100] / 10 && counts[counts.len() / 2] == 1);
    }

    #[test]
    fn bands_are_those_of_the_law() {
        let of = |share| Interest { owner: Party::Person(0), owned: 0, share, banded: true }.band();
        assert_eq!([of(2_500), of(2_501), of(5_000)], [None, Some(Band::From25To50), Some(Band::From25To50)]);
        assert_eq!(
            [of(5_001), of(7_499), of(7_500)],
            [Some(Band::From50To75), Some(Band::From50To75), Some(Band::From75)]
        );
    }
}
