//! Security Center in Terraform. Source: terraform-provider-alicloud, `website/docs/r/threat_detection_*` and
//! `security_center_service_linked_role`.

use xiezhi_model::service::sas::{BruteForceRule, Center, Strategy, Switch};
use xiezhi_model::{Fact, Key, Reason, Text};

use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of Security Center.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_threat_detection_instance", kind: Some(Center::SCHEMA), read: instance },
    Block { name: "alicloud_threat_detection_baseline_strategy", kind: None, read: strategy },
    Block { name: "alicloud_threat_detection_log_meta", kind: None, read: log_meta },
    Block {
        name: "alicloud_threat_detection_anti_brute_force_rule",
        kind: Some(BruteForceRule::SCHEMA),
        read: brute_force_rule,
    },
    Block { name: "alicloud_security_center_service_linked_role", kind: None, read: role },
];

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |center: &mut Center| {
        center.edition = edition(f.text("version_code"));
        // What is bought by edition is a subscription.
        center.pay_as_you_go = f.known(false);
    });
}

/// Source: Security Center, the version codes of the subscription: `level3` advanced, `level2` enterprise, `level8`
/// ultimate, `level7` anti-virus, `level10` value-added functions only.
pub(crate) fn edition(code: Fact<Text>) -> Fact<Text> {
    code.try_map(|code| {
        Ok(Text::from(match code.as_str() {
            "level2" => "enterprise",
            "level3" => "advanced",
            "level7" => "anti-virus",
            "level8" => "ultimate",
            "level10" => "value-added",
            _ => return Err(Reason::not_understood(format!("the version code `{code}`"))),
        }))
    })
}

/// Adds to a list of the one center; the account may have further members that are made elsewhere.
fn strategy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let strategy = Strategy {
        name: f.text("baseline_strategy_name"),
        cycle_days: f.int("cycle_days"),
        servers: f.unknown(Reason::NotInEvidence),
        pass_rate: f.unknown(Reason::NotInEvidence),
    };
    let key = Key::address("sas.center", "");
    let more = Some(Reason::NotInEvidence);
    sink.batch.append::<Center, _>(&key, &f.origin(), |center| &mut center.strategies, vec![strategy], more);
}

fn log_meta(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let log = Switch { name: f.text("log_meta_name"), on: f.flag("status", &["started"], &["stopped"]) };
    let key = Key::address("sas.center", "");
    let more = Some(Reason::NotInEvidence);
    sink.batch.append::<Center, _>(&key, &f.origin(), |center| &mut center.logs, vec![log], more);
}

fn role(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |center: &mut Center| {
        center.role_authorized = if f.has("status") { f.bool("status") } else { f.known(true) };
    });
}

fn brute_force_rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |rule: &mut BruteForceRule| {
        rule.head.name = f.text("anti_brute_force_rule_name");
        rule.default =
            f.bool_or("default_rule", false, "terraform-provider-alicloud r/threat_detection_anti_brute_force_rule");
        rule.failures = f.int("fail_count");
        rule.minutes = f.int("span");
        rule.servers = f.texts("uuid_list");
    });
}
