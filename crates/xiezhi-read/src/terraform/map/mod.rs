//! What each Terraform resource type means, one file per service.

use super::Block;

pub mod account;
pub mod kms;
pub mod oss;
pub mod ram;

/// Every resource type that is understood. A new service adds its `BLOCKS` here.
pub const BLOCKS: &[&[Block]] = &[account::BLOCKS, kms::BLOCKS, oss::BLOCKS, ram::BLOCKS];
