//! Every word that users see, in English and Chinese, and every output format.
//!
//! Decides nothing: what is fail, pass or unknown comes from `xiezhi-review`. Text from evidence passes through
//! [`safe`] on its way out.

pub mod answers;
pub mod ask;
pub mod ask_network;
mod calls;
pub mod explain;
mod findings;
pub mod json;
pub mod list;
pub mod markdown;
pub mod problems;
pub mod reasons;
pub mod safe;
mod sections;
pub mod sentences;
pub mod terminal;
pub mod words;

#[cfg(test)]
mod tests;

pub use words::Lang;
