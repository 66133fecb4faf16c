//! Reader tests: edges.
