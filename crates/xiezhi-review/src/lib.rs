//! Evidence to inventory to analyses to verdicts to assessment.
