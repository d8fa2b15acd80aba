//! The escalation graph under every reading of the documentation.

use super::{Escalation, Start};
use crate::ask::{Options, Truth};
use crate::estate::Index;
use crate::switches::{Choice, Reading, Switch};
use crate::symbolic::Budget;
use std::cell::OnceCell;

/// The graph under the default reading, with the others at hand for when an answer may hang on one of them.
///
/// Where `ram:PassRole` is checked (SW-7) is told by the steps themselves (`Step::depends_on`).
///
/// ```
/// use xiezhi_policy::{Policy, PolicyKind, Switch, ask::Truth};
/// use xiezhi_policy::estate::{Attachment, Estate, Index, Listing, StoredPolicy, User};
/// use xiezhi_policy::escalate::{Readings, Start};
/// let text = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:attachpolicytouser","Resource":"*"}]}"#;
/// let odd = StoredPolicy { name: "odd".into(), system: false, others: Listing::default(),
///     default: Some(Policy::parse("odd", PolicyKind::Identity, text)) };
/// let mut ann = User::new("ann");
/// ann.policies.items.push(Attachment::custom("odd"));
/// let estate = Estate { account: "1001".into(), users: Listing::complete(vec![ann]),
///     policies: Listing::complete(vec![odd]), ..Default::default() };
/// let index = Index::new(&estate);
/// let readings = Readings::build(&index, &Default::default());
/// assert_eq!(readings.standard().administrator(Start::User(0)).truth, Truth::Yes);
/// assert_eq!(readings.deciding(Start::User(0), Truth::Yes), [Switch::FoldCase]);
/// ```
#[derive(Debug)]
pub struct Readings<'e> {
    index: &'e Index<'e>,
    budget: Budget,
    standard: Escalation<'e>,
    open: OnceCell<Escalation<'e>>,
    single: OnceCell<Vec<(Switch, Escalation<'e>)>>,
}

impl<'e> Readings<'e> {
    /// Builds the graph under the default reading.
    #[must_use]
    pub fn build(index: &'e Index<'e>, budget: &Budget) -> Self {
        let standard = Escalation::build(index, &Options { reading: Reading::standard(), budget: *budget });
        Readings { index, budget: *budget, standard, open: OnceCell::new(), single: OnceCell::new() }
    }

    /// The graph under the default reading.
    #[must_use]
    pub fn standard(&self) -> &Escalation<'e> {
        &self.standard
    }

    /// The switches whose other reading changes whether the start leads to administrator; `truth` is the answer under the default
    /// one. When only several together change it, all that are open.
    #[must_use]
    pub fn deciding(&self, start: Start, truth: Truth) -> Vec<Switch> {
        if !matches!(truth, Truth::Yes | Truth::No) {
            return Vec::new();
        }
        let under = |reading: Reading| Escalation::build(self.index, &Options { reading, budget: self.budget });
        let open = self.open.get_or_init(|| under(Reading::either().with(Switch::PassRoleProvenOnly, Choice::First)));
        if open.administrator(start).truth == truth {
            return Vec::new();
        }
        let readings = || Switch::ALL.into_iter().filter(|switch| *switch != Switch::PassRoleProvenOnly);
        let single = self.single.get_or_init(|| {
            readings().map(|switch| (switch, under(Reading::standard().with(switch, Choice::Second)))).collect()
        });
        let changes = single.iter().filter(|(_, graph)| graph.administrator(start).truth != truth);
        let found: Vec<Switch> = changes.map(|(switch, _)| *switch).collect();
        if found.is_empty() { readings().collect() } else { found }
    }
}
