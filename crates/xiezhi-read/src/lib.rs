//! Bytes to resources: API answers, Terraform, attestations; redaction.
