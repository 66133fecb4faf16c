//! Reader tests: bods.
