//! What outsiders can take without any right in the account.

use super::super::Proof;
use super::{Builder, OUTSIDE, UNSEEN, at};
use crate::ask::{Finding, Truth};
use crate::decide::{Gap, PolicySet, ResourceSide};
use crate::estate::{Carried, HostKind};
use crate::exposure;
use crate::exposure::Surroundings;
use crate::policy::{Policy, PrincipalElement, PrincipalFamily, Statement, Test};
use crate::request::{Caller, ram_principal};
use crate::switches::Tri;

impl Builder<'_, '_> {
    /// What outsiders can take: roles by their trust (C05, C06, C07, C09), hosts by request forgery (D24).
    pub(super) fn outside(&mut self) {
        let estate = self.index.estate;
        for (gaps, id) in [(estate.roles.gaps.clone(), "C06"), (estate.host_gaps(HostKind::Instance), "D24")] {
            if !gaps.is_empty() {
                self.edge([Some(OUTSIDE), None], UNSEEN, Some(id), false, Proof { gaps, ..Proof::default() });
            }
        }
        let around = Surroundings { owner: &estate.account, organisation: &estate.organisation, own_user_ids: None };
        for (i, role) in estate.roles.items.iter().enumerate() {
            let to = at(self.out.roles_at, i);
            let Some(trust) = &role.trust else {
                let gap = Gap::new(&format!("trust policy of role {}", role.name), "not collected");
                self.edge([Some(OUTSIDE), None], to, Some("C06"), false, Proof { gaps: vec![gap], ..Proof::default() });
                continue;
            };
            let loose = loose_oidc(trust);
            if loose.truth != Truth::No {
                let sure = loose.truth == Truth::Yes;
                let proof = Proof { grants: loose.grants, gaps: loose.gaps, ..Proof::default() };
                self.edge([Some(OUTSIDE), None], to, Some("C07"), sure, proof);
            }
            if !trust.statements.iter().any(|s| names_outsiders(s, &estate.account)) {
                continue;
            }
            // A vendor that must present an agreed ExternalId is no confused deputy.
            let mut open = trust.clone();
            open.statements.retain(|s| !pinned(s, "sts:externalid") || s.may_deny());
            let mut layers = crate::decide::Layers::identity_only(&estate.account, PolicySet::default());
            layers.resource = ResourceSide::Trust(PolicySet::of(vec![&open]));
            let found =
                exposure::analyse(&layers, &around, &["sts:AssumeRole"], &[self.role_arn(i).as_str()], self.options)
                    .outside_organisation;
            if found.truth == Truth::No {
                continue;
            }
            let id = match found.witness.as_ref().map(|w| &w.caller) {
                Some(Caller::Service { .. }) => "C09",
                Some(caller) if caller.account() == Some(exposure::STRANGER) => "C06",
                _ => "C05",
            };
            let proof = Proof { grants: found.grants, witness: found.witness, gaps: found.gaps, ..Proof::default() };
            self.edge([Some(OUTSIDE), None], to, Some(id), found.truth == Truth::Yes, proof);
        }
        for (i, host) in estate.hosts.items.iter().enumerate() {
            if host.kind != HostKind::Instance || host.role == Carried::None {
                continue;
            }
            let open = host.internet.and(host.metadata_token.negate());
            if open != Tri::No {
                let gaps = if open == Tri::Maybe {
                    vec![Gap::new(&format!("exposure or metadata mode of {}", host.id), "not collected")]
                } else {
                    Vec::new()
                };
                self.edge(
                    [Some(OUTSIDE), None],
                    at(self.out.hosts_at, i),
                    Some("D24"),
                    open == Tri::Yes,
                    Proof { gaps, ..Proof::default() },
                );
            }
        }
    }
}

/// Whether a statement fixes a key to values without wildcards.
pub(super) fn pinned(statement: &Statement, folded: &str) -> bool {
    statement.conditions.iter().any(|c| {
        c.folded == folded
            && !c.negated
            && match &c.test {
                Test::Equals(list) | Test::EqualsFolded(list) => !list.is_empty(),
                Test::Like(list) => {
                    list.iter().all(|g| g.text().chars().filter(|ch| !matches!(ch, '*' | '?' | ':')).count() > 12)
                }
                _ => false,
            }
    })
}

/// C07: whether a trust policy admits every workload that an OIDC provider vouches for, because it fixes no subject.
/// *Unknown* where only statements that cannot be read in full do.
#[must_use]
pub fn loose_oidc(trust: &Policy) -> Finding {
    let mut found = Finding::none();
    for (number, statement) in trust.statements.iter().enumerate().filter(|(_, statement)| is_loose(statement)) {
        let truth = if statement.doubts.is_empty() { Truth::Yes } else { Truth::Unknown };
        if truth > found.truth {
            found = Finding { truth, ..Finding::none() };
        }
        if truth == found.truth {
            found.grants.extend(crate::decide::reference(trust, number));
        }
    }
    if found.truth == Truth::Unknown {
        found.gaps.push(Gap::new(&trust.name, "a statement of the trust policy cannot be read"));
    }
    found
}

fn is_loose(statement: &Statement) -> bool {
    let Some(PrincipalElement::Listed(entries)) = &statement.principal else { return false };
    statement.may_allow()
        && entries.iter().any(|e| e.family == PrincipalFamily::Federated && e.text.contains(":oidc-provider/"))
        && !pinned(statement, "oidc:sub")
}

fn names_outsiders(statement: &Statement, account: &str) -> bool {
    match &statement.principal {
        Some(PrincipalElement::Listed(entries)) => entries.iter().any(|e| match e.family {
            PrincipalFamily::Service => e.text.contains('@'),
            PrincipalFamily::Federated => false,
            _ => ram_principal(&e.text).is_none_or(|(a, _)| a != account),
        }),
        _ => true,
    }
}
