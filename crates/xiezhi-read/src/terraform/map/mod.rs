//! What each Terraform resource type means, one file per service.

use super::Block;

pub mod kms;
pub mod oss;

/// Every resource type that is understood. A new service adds its `BLOCKS` here.
pub const BLOCKS: &[&[Block]] = &[kms::BLOCKS, oss::BLOCKS];
