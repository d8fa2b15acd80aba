//! A sentence in both languages of the product.

use serde::Serialize;

/// A sentence in English and 简体中文.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Words {
    /// English.
    pub en: &'static str,
    /// 简体中文.
    pub zh: &'static str,
}

impl Words {
    pub(crate) const fn new(en: &'static str, zh: &'static str) -> Self {
        Words { en, zh }
    }
}
