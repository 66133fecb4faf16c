//! Reader tests: gleif.
