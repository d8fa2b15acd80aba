//! Facts in three values: known, absent, unknown with a reason; each with its source and label.
