//! Check files and their predicate language: parse, type-check, evaluate in three values, trace.
