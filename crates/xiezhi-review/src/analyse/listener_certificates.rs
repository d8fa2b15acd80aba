//! When the certificates of ALB listeners end. A listener names them by id, Certificate Management tells when each ends.

use rustc_hash::FxHashMap;
use xiezhi_model::service::alb::Listener;
use xiezhi_model::service::cas::Certificate;
use xiezhi_model::{Fact, Inventory, List, Reason, State, Text};

use super::evidence::Listed;
use super::{Analysis, derived, in_words};

/// See the module.
pub(super) struct ListenerCertificates;

const NAME: &str = "listener certificates";

impl Analysis for ListenerCertificates {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(&self, inventory: &mut Inventory) {
        let certificates: FxHashMap<&str, &Fact<Text>> = inventory
            .all::<Certificate>()
            .iter()
            .filter_map(|one| Some((one.head.id.value()?.as_str(), &one.expires)))
            .collect();
        let listed = Listed::of::<Certificate>(inventory);
        let ends: Vec<_> = inventory
            .all::<Listener>()
            .iter()
            .map(|listener| {
                // What is not in the list was deleted there, or is another account's: nobody knows when it ends.
                let missing = listed.gap(&listener.head).cloned().unwrap_or(Reason::NotInEvidence);
                ends_of(&listener.certificates, &certificates, &missing)
            })
            .collect();
        inventory.all_mut::<Listener>().iter_mut().zip(ends).for_each(|(one, ends)| one.certificate_ends = ends);
    }
}

/// ALB writes the id of Certificate Management with the region of the certificate behind it: `7684421-cn-hangzhou`. Source:
/// ALB CreateListener `Certificates[].CertificateId`; the number is cas ListUserCertificateOrder `CertificateId`.
fn id_of(named: &str) -> &str {
    match named.split_once('-') {
        Some((number, _)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => number,
        _ => named,
    }
}

fn ends_of(
    named: &Fact<List<Text>>,
    certificates: &FxHashMap<&str, &Fact<Text>>,
    missing: &Reason,
) -> Fact<List<Text>> {
    let list = match &named.state {
        State::Known(list) => list,
        State::Absent => return Fact::known(List::complete(vec![]), derived(NAME, "", named.origin.label)),
        State::Unknown(reason) => return Fact::unknown(reason.clone(), derived(NAME, "", named.origin.label)),
    };
    let mut ends = List { items: vec![], more: list.more.clone() };
    let mut label = named.origin.label;
    for name in &list.items {
        match certificates.get(id_of(name)) {
            Some(fact) => {
                label = label.weakest(fact.origin.label);
                match &fact.state {
                    State::Known(end) => ends.items.push(end.clone()),
                    State::Absent => {}
                    State::Unknown(reason) => ends.more = Some(reason.clone()),
                }
            }
            None => ends.more = Some(missing.clone()),
        }
    }
    let proof = in_words(
        format!("by Certificate Management, for {} certificates", ends.items.len()),
        format!("依据数字证书管理服务中的 {} 个证书", ends.items.len()),
    );
    Fact::known(ends, derived(NAME, proof, label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::tests::estate;

    const LISTENER: (&str, &str) =
        ("alb-ListListeners.json", r#"{"Listeners":[{"ListenerId":"lsn-1","ListenerProtocol":"HTTPS"}]}"#);
    const BOUND: (&str, &str) = (
        "alb-ListListenerCertificates-lsn-1.json",
        r#"{"Certificates":[{"CertificateId":"7684421-cn-hangzhou"},{"CertificateId":"9-cn-hangzhou"}]}"#,
    );

    #[test]
    fn a_listener_knows_the_ends_of_its_certificates_and_that_one_is_not_told() {
        let certificates = (
            "cas-ListUserCertificateOrder.json",
            r#"{"CertificateOrderList":[{"CertificateId":7684421,"EndDate":"2026-06-20"},{"CertificateId":76,"EndDate":"2020-01-01"}],"TotalCount":2}"#,
        );
        let inventory = estate(&[LISTENER, BOUND, certificates]);
        let ends = inventory.all::<Listener>()[0].certificate_ends.value().unwrap();
        assert_eq!((ends.items.as_slice(), ends.more.is_some()), ([Text::from("2026-06-20")].as_slice(), true));
    }

    #[test]
    fn a_certificate_of_which_nobody_was_asked_leaves_the_ends_open() {
        let inventory = estate(&[LISTENER, BOUND]);
        let ends = inventory.all::<Listener>()[0].certificate_ends.value().unwrap();
        assert!(ends.items.is_empty() && ends.more.is_some());
    }
}
