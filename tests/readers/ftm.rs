//! Reader tests: ftm.
