//! Whether WAF stands before applications that have names instead of an address of their own (reference, section 6.1,
//! EDGE-3, case 17).

use super::enforcing;
use crate::assume::{Reason, Reasons, Truth, missing};
use crate::model::{AppKind, Guard, GuardKind, Id, Seen, WebApp};

/// What decided about an application by name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Deciding {
    /// A WAF inside the product.
    Guard(Id),
    /// WAF stands before every name.
    Every,
    /// The provider's default domain, before which no WAF stands.
    Default,
    /// A domain of the application's own, before which no WAF stands.
    Domain(String),
}

/// Whether a guarded name, which may begin with `*.`, is that of a domain. Source: waf-openapi CreateDomain `Domain`.
#[must_use]
pub fn covers_name(guarded: &str, domain: &str) -> bool {
    match guarded.strip_prefix("*.") {
        Some(rest) => domain.strip_suffix(rest).is_some_and(|start| start.len() > 1 && start.ends_with('.')),
        None => guarded == domain,
    }
}

/// Whether a guard names an application, or one of its domains.
pub(super) fn stands_before(guard: &Guard, app: &WebApp) -> bool {
    guard.resource.as_ref() == Some(&app.id) || by_domain(guard, app)
}

/// Whether a guard names a domain of an application.
pub(super) fn by_domain(guard: &Guard, app: &WebApp) -> bool {
    let names = |domains: &Vec<String>| {
        guard.domain.as_ref().is_some_and(|name| domains.iter().any(|domain| covers_name(name, domain)))
    };
    app.domains.known().is_some_and(names)
}

/// Whether WAF inside the product sees whatever name an application is called by. A function is taken into WAF by a
/// domain of its own, and a bucket stands behind a domain of WAF, which leaves the default one aside (case 17); a
/// gateway as a whole.
pub(super) fn sees_every_name(guard: &Guard, app: &WebApp) -> bool {
    let whole = matches!(app.kind, AppKind::ApiGateway | AppKind::Application);
    guard.resource.as_ref() == Some(&app.id) && guard.kind == GuardKind::WafNative && whole
}

fn is_waf(guard: &Guard) -> bool {
    matches!(guard.kind, GuardKind::WafProxy | GuardKind::WafNative | GuardKind::WafTransparent)
}

/// Whether a WAF that blocks stands before every name under which the internet calls an application, and what decides;
/// `None` when it surely has no name on the internet.
#[must_use]
pub fn app_behind_waf(app: &WebApp, guards: &[Guard]) -> Option<(Truth, Deciding)> {
    if let Some(guard) = guards.iter().find(|guard| is_waf(guard) && sees_every_name(guard, app)) {
        return Some((enforcing(guard), Deciding::Guard(guard.id.clone())));
    }
    let open = |what: &Seen<bool>| match what {
        Seen::Known(answers) => Truth::known(!*answers),
        Seen::Absent => Truth::Unknown(missing(format!("default domain of {}", app.id))),
        Seen::Missing(what) => Truth::Unknown(Reasons::from([Reason::Missing(what.clone())])),
    };
    let default = open(&app.default_domain);
    let domains = match &app.domains {
        Seen::Known(domains) => domains.as_slice(),
        Seen::Absent => &[],
        Seen::Missing(what) => {
            let unread = Truth::Unknown(Reasons::from([Reason::Missing(what.clone())]));
            return Some((unread.and(default), Deciding::Default));
        }
    };
    if domains.is_empty() && app.default_domain == Seen::Known(false) {
        return None;
    }
    let mut deciding = if default.is_no() { Deciding::Default } else { Deciding::Every };
    let mut truth = default;
    for domain in domains {
        let before = guards.iter().filter(|guard| is_waf(guard));
        let before = before.filter(|guard| {
            guard.resource.as_ref() == Some(&app.id)
                || guard.domain.as_ref().is_some_and(|name| covers_name(name, domain))
        });
        let one = before.map(enforcing).fold(Truth::No, Truth::or);
        if one.is_no() {
            deciding = Deciding::Domain(domain.clone());
        }
        truth = truth.and(one);
    }
    Some((truth, deciding))
}
