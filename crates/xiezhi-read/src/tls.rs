//! The TLS policy of a load balancer's listener, whatever the source: one of the platform's by its name, or one of the
//! tenant's own, which is a resource. Never says what a policy allows.

use xiezhi_model::{Fact, Link, Resource, State, Text};

use crate::fields::Fields;
use crate::words::target;

/// How the platform's policies are called. Source: SLB CreateLoadBalancerHTTPSListener `TLSCipherPolicy`; ALB and NLB
/// CreateListener `SecurityPolicyId`.
const PLATFORM: &str = "tls_cipher_policy_";

/// What holds without a choice: the oldest of the platform's. Source: the same pages.
const UNCHOSEN: &str = "tls_cipher_policy_1_0";

/// The tenant's own policy; absent when the policy is one of the platform's, or there is none.
pub(crate) fn own<P: Resource>(f: &Fields<'_>, policy: &Fact<Text>, path: &str) -> Fact<Link<P>> {
    match &policy.state {
        State::Known(name) if name.starts_with(PLATFORM) => f.absent(),
        State::Known(_) => f.link(path),
        State::Absent => f.absent(),
        State::Unknown(reason) => f.unknown(reason.clone()),
    }
}

/// The policy of a listener whose protocol is one of those with TLS, and the tenant's own; `page` says what holds
/// without a choice.
pub(crate) fn of_listener<P: Resource>(
    f: &Fields<'_>,
    path: &str,
    page: &str,
    protocol: &Fact<Text>,
    secure: &[&str],
) -> (Fact<Text>, Fact<Link<P>>) {
    let policy = match &protocol.state {
        State::Known(word) if secure.contains(&word.as_str()) => match f.link::<P>(path) {
            link if link.value().is_some() => target(link),
            _ => f.text_or(path, UNCHOSEN, page),
        },
        State::Known(_) | State::Absent => f.absent(),
        State::Unknown(reason) => f.unknown(reason.clone()),
    };
    let own = own(f, &policy, path);
    (policy, own)
}
