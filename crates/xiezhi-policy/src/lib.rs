//! RAM policies: parse, decide, effective rights, public access, escalation, least policy.
