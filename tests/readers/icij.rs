//! Reader tests: icij.
