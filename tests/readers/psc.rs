//! Reader tests: psc.
