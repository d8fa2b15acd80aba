//! Which templates and rules of WAF act on a protected object. Source: network semantics EDGE-1.

use xiezhi_model::service::waf;
use xiezhi_model::{Fact, Head, List, Reason, State, Text};
use xiezhi_net::model::{Id, RuleState, Seen};

use super::super::evidence::Listed;
use super::convert::Converter;

/// Under which names the templates of WAF may know something.
#[derive(Clone, Copy, Default)]
pub(super) struct Known<'a> {
    name: Option<&'a Text>,
    group: Option<&'a Fact<Text>>,
}

impl<'a> Known<'a> {
    /// By the name of its protected object, and the group that this one is in.
    pub(super) fn of(object: Option<&'a waf::ProtectedObject>, name: Option<&'a Text>) -> Self {
        Self { name: object.and_then(|object| object.name.value()).or(name), group: object.map(|object| &object.group) }
    }
}

/// Whether rules of the basic protection act on an object (EDGE-1): through a template that names it or its group, else
/// through the default one. Templates that a configuration does not declare still exist in the product.
pub(super) fn rules(converter: &mut Converter<'_>, of: &Id, head: &Head, object: Known<'_>) -> Seen<RuleState> {
    match rule_state(converter, head, object) {
        Ok(state) => Seen::Known(state),
        Err(reason) => Seen::Missing(converter.gap(format!("rules of {of}"), &reason)),
    }
}

fn rule_state(converter: &Converter<'_>, head: &Head, object: Known<'_>) -> Result<RuleState, Reason> {
    let basic = |scene: &str| matches!(scene, "waf_base" | "waf_group");
    let templates = templates(converter, head, object, basic)?;
    if templates.is_empty() {
        return Ok(RuleState::None);
    }
    let mut state = RuleState::None;
    let mut unread = Listed::of::<waf::Rule>(converter.inventory).gap(head).cloned();
    for rule in converter.inventory.all::<waf::Rule>() {
        match in_template(converter, rule, &templates) {
            Ok(true) => {}
            Ok(false) => continue,
            Err(reason) => {
                unread = Some(reason);
                continue;
            }
        }
        match (&rule.enabled.state, rule.action.value().map(Text::as_str)) {
            (State::Known(false) | State::Absent, _) => {}
            (State::Known(true), Some("monitor")) => state = state.max(RuleState::Observing),
            (State::Known(true), Some("block" | "js" | "captcha" | "captcha_strict")) => state = RuleState::Enforcing,
            (State::Known(true), Some(other)) => {
                unread = Some(Reason::not_understood(format!("the rule action `{other}`")));
            }
            (State::Known(true), None) => unread = Some(rule.action.reason().cloned().unwrap_or(Reason::NotInEvidence)),
            (State::Unknown(reason), _) => unread = Some(reason.clone()),
        }
    }
    match unread {
        Some(reason) if state != RuleState::Enforcing => Err(reason),
        _ => Ok(state),
    }
}

/// The enabled templates of some scenes that apply to an object: those that name it or its group, else the default ones.
pub(super) fn templates<'a>(
    converter: &Converter<'a>,
    head: &Head,
    object: Known<'_>,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<&'a waf::Template>, Reason> {
    let inventory = converter.inventory;
    let (mut own, mut default, mut doubt) = (Vec::new(), Vec::new(), None);
    for template in inventory.all::<waf::Template>() {
        match (&template.scene.state, &template.enabled.state) {
            (State::Known(scene), _) if !wanted(scene) => continue,
            (State::Known(_), State::Known(true)) => {}
            (State::Known(_), State::Known(false)) => continue,
            (State::Unknown(reason), _) | (_, State::Unknown(reason)) => {
                doubt = Some(reason.clone());
                continue;
            }
            _ => continue,
        }
        match &template.default.state {
            State::Known(true) => {
                default.push(template);
                continue;
            }
            State::Known(false) | State::Absent => {}
            State::Unknown(reason) => {
                doubt = Some(reason.clone());
                continue;
            }
        }
        match (named(&template.objects, object.name.ok_or(Reason::NotInEvidence)), in_group(template, object)) {
            (Ok(true), _) | (_, Ok(true)) => own.push(template),
            (Ok(false), Ok(false)) => {}
            (Err(reason), _) | (_, Err(reason)) => doubt = doubt.or(Some(reason)),
        }
    }
    if let Some(reason) = doubt {
        return Err(reason);
    }
    let templates = if own.is_empty() { default } else { own };
    if templates.is_empty() {
        if let Some(reason) = Listed::of::<waf::Template>(inventory).gap(head) {
            return Err(reason.clone());
        }
        if !head.set.is_empty() {
            return Err(Reason::NotInEvidence);
        }
    }
    Ok(templates)
}

/// Whether a rule is one of some templates.
pub(super) fn in_template(
    converter: &Converter<'_>,
    rule: &waf::Rule,
    templates: &[&waf::Template],
) -> Result<bool, Reason> {
    match &rule.template.state {
        State::Known(name) => {
            let found = converter.inventory.follow_as::<waf::Template>(Some(&rule.head), name);
            Ok(found.is_some_and(|found| templates.iter().any(|template| template.head == found.head)))
        }
        State::Absent => Ok(false),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

/// Whether a list holds a name; a name that nobody knows may stand in every list that holds any.
fn named(list: &Fact<List<Text>>, name: Result<&Text, Reason>) -> Result<bool, Reason> {
    match (&list.state, name) {
        (State::Known(list), Ok(name)) if list.items.contains(name) => Ok(true),
        (State::Known(list), _) if list.items.is_empty() && list.more.is_none() => Ok(false),
        (State::Known(List { more: Some(reason), .. }), _) | (State::Unknown(reason), _) => Err(reason.clone()),
        (State::Known(_), Ok(_)) | (State::Absent, _) => Ok(false),
        (State::Known(_), Err(reason)) => Err(reason),
    }
}

/// Whether a template applies to the group that an object is in.
fn in_group(template: &waf::Template, object: Known<'_>) -> Result<bool, Reason> {
    match object.group.map(|group| &group.state) {
        Some(State::Absent) => Ok(false),
        Some(State::Known(group)) => named(&template.groups, Ok(group)),
        Some(State::Unknown(reason)) => named(&template.groups, Err(reason.clone())),
        None => named(&template.groups, Err(Reason::NotInEvidence)),
    }
}
