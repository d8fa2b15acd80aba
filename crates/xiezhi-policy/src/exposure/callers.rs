//! "Outside", closed into a finite list of callers.

use super::{STRANGER, UNKNOWN_ACCOUNT};
use crate::policy::{Policy, PrincipalElement, PrincipalFamily, Test};
use crate::request::{Caller, principal_account, ram_principal};
use crate::symbolic::Budget;
use crate::symbolic::automaton::{CutOff, Token, tokens};
use crate::symbolic::strings;
use std::collections::BTreeSet;

/// Everyone whom the policies can tell apart, and one stand-in for each kind that they do not name.
pub(crate) fn callers(
    policies: &[&Policy],
    owner: &str,
    organisation: &[String],
    own_ids: Option<&[String]>,
    budget: &Budget,
) -> Result<Vec<Caller>, CutOff> {
    let mut accounts: BTreeSet<String> = BTreeSet::new();
    let mut users: BTreeSet<Caller> = BTreeSet::new();
    let mut globs: BTreeSet<String> = BTreeSet::new();
    for account in [owner, STRANGER].into_iter().filter(|a| !a.is_empty()) {
        accounts.insert(account.to_owned());
    }
    accounts.extend(organisation.iter().take(2).cloned());
    for statement in policies.iter().flat_map(|p| &p.statements) {
        if let Some(PrincipalElement::Listed(entries)) = &statement.principal {
            for entry in entries {
                let named = principal_account(entry.family, &entry.text);
                match entry.family {
                    PrincipalFamily::Service => {
                        let (acting, domain) = match entry.text.split_once('@') {
                            Some((account, domain)) => (Some(account.to_owned()), domain),
                            None => (None, entry.text.as_str()),
                        };
                        users.insert(Caller::Service { domain: domain.to_owned(), for_account: acting });
                    }
                    PrincipalFamily::Federated => {
                        users.insert(Caller::Federated { provider: entry.text.clone() });
                    }
                    PrincipalFamily::Ram => {
                        globs.insert(entry.text.to_ascii_lowercase());
                        accounts.extend(named.map(str::to_owned));
                    }
                    PrincipalFamily::Bare => bare(&entry.text, owner, own_ids, &mut accounts, &mut users, &mut globs),
                }
            }
        }
        for condition in statement.conditions.iter().filter(|c| c.folded == "acs:principalarn") {
            let texts: Vec<&str> = match &condition.test {
                Test::Equals(list) | Test::EqualsFolded(list) => list.iter().map(String::as_str).collect(),
                Test::Like(list) => list.iter().map(crate::glob::Glob::text).collect(),
                _ => Vec::new(),
            };
            for text in texts {
                globs.insert(text.to_ascii_lowercase());
                accounts.extend(principal_account(PrincipalFamily::Ram, text).map(str::to_owned));
            }
        }
    }
    let mut all: BTreeSet<Caller> = BTreeSet::from([Caller::Anonymous]);
    let groups: Vec<Vec<strings::Pattern>> = globs.iter().map(|g| vec![tokens(g, false, true)]).collect();
    for account in &accounts {
        all.insert(Caller::Root { account: account.clone() });
        for kind in ["user", "role"] {
            // Every combination of patterns that a name of this account can match.
            let mut universe: Vec<Token> = format!("acs:ram::{account}:{kind}/").chars().map(Token::Literal).collect();
            universe.extend([Token::One { colon: false }, Token::Run { colon: false }]);
            for arn in strings::atoms(&universe, &groups, &mut budget.effort())?.witnesses {
                let Some((_, relative)) = ram_principal(&arn) else { continue };
                let Some((_, name)) = relative.split_once('/') else { continue };
                all.insert(if kind == "user" {
                    Caller::User {
                        account: account.clone(),
                        name: name.to_owned(),
                        id: Some(format!("{account}-{name}")),
                    }
                } else {
                    Caller::Role { account: account.clone(), name: name.to_owned(), session: "session".to_owned() }
                });
            }
        }
    }
    all.extend(users);
    Ok(all.into_iter().collect())
}

/// OSS and SLS forms of a principal.
fn bare(
    text: &str,
    owner: &str,
    own_ids: Option<&[String]>,
    accounts: &mut BTreeSet<String>,
    users: &mut BTreeSet<Caller>,
    globs: &mut BTreeSet<String>,
) {
    if let Some(rest) = text.strip_prefix("arn:sts:") {
        let mut parts = rest.splitn(3, ':');
        if let (_, Some(account), Some(tail)) = (parts.next(), parts.next(), parts.next()) {
            let account = if account.contains(['*', '?']) { STRANGER } else { account };
            let plain = |part: &str| part.replace(['*', '?'], "x");
            let mut names = tail.strip_prefix("assumed-role/").unwrap_or(tail).splitn(2, '/');
            let (role, session) = (names.next().unwrap_or("x"), names.next().unwrap_or("session"));
            accounts.insert(account.to_owned());
            users.insert(Caller::Role { account: account.to_owned(), name: plain(role), session: plain(session) });
        }
        return;
    }
    if text.starts_with("acs:ram:") {
        globs.insert(text.to_ascii_lowercase());
        accounts.extend(principal_account(PrincipalFamily::Ram, text).map(str::to_owned));
        return;
    }
    let id = text.replace(['*', '?'], "0");
    // The same digits may be an account or a RAM user. Account ids have 16 digits, user ids 18.
    if id.len() > 16 {
        let account = if own_ids.is_some_and(|ids| ids.contains(&id)) { owner } else { UNKNOWN_ACCOUNT };
        users.insert(Caller::User { account: account.to_owned(), name: format!("id-{id}"), id: Some(id) });
    } else {
        accounts.insert(id);
    }
}
