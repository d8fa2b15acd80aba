//! What encrypts one layer of a store: who holds the key, and whether it can be used.

use xiezhi_model::service::{ecs, kms};
use xiezhi_model::{Head, Inventory, Label, Reason, State, Text};

use super::stores::{Said, Store};
use crate::analyse::evidence::called;
use crate::analyse::{Proof, in_words};

/// Who holds the key, the weakest first. Source: network semantics §11.1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Grade {
    /// Not encrypted.
    None,
    /// The product's own key, which the tenant cannot see.
    Provider,
    /// A key of the product in the tenant's KMS (alias `acs/…`), which the tenant cannot disable, rotate or delete.
    Service,
    /// A default key of KMS without an instance.
    Default,
    /// A key in a software instance of the tenant.
    Customer,
    /// A key in a hardware instance of the tenant, or in a key store of its own outside.
    Hardware,
}

impl Grade {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Provider => "provider-key",
            Self::Service => "service-key",
            Self::Default => "default-key",
            Self::Customer => "customer-key",
            Self::Hardware => "hsm-key",
        }
    }
}

/// What encrypts one layer of a store.
pub(super) struct Layer {
    pub(super) grade: Grade,
    /// The id of the key, when it is one of KMS in evidence.
    pub(super) key: Option<Text>,
    pub(super) cipher: Option<Text>,
    /// Whether the key can be used; `None` when no key of KMS is named.
    pub(super) usable: Option<Result<bool, Reason>>,
    pub(super) proof: Proof,
    pub(super) label: Label,
}

pub(super) fn layer<S: Store>(
    inventory: &Inventory,
    of: &Head,
    said: &Said<'_>,
) -> Result<Option<Layer>, (Reason, Label)> {
    let plain = |grade: Grade, label: Label| Layer {
        grade,
        key: None,
        // Keys of products and default keys are AES-256 only (KMS-7).
        cipher: (grade != Grade::None).then(|| Text::from("aes")),
        usable: None,
        proof: in_words(format!("the key holder is {}", grade.word()), format!("密钥持有方为 {}", grade.word())),
        label,
    };
    let found = match said {
        Said::Holder(holder, key) => {
            let label = holder.origin.label;
            match &holder.state {
                State::Known(word) => match word.as_str() {
                    "none" => Ok(plain(Grade::None, label)),
                    "provider-key" => Ok(plain(Grade::Provider, label)),
                    "service-key" => Ok(plain(Grade::Service, label)),
                    "kms-key" => match &key.state {
                        State::Known(link) => named(inventory, of, &link.target, label.weakest(key.origin.label)),
                        State::Absent => Err((Reason::NotInEvidence, label)),
                        State::Unknown(reason) => Err((reason.clone(), label)),
                    },
                    other => Err((Reason::not_understood(format!("the key holder `{other}`")), label)),
                },
                State::Absent => Ok(plain(Grade::None, label)),
                State::Unknown(reason) => Err((reason.clone(), label)),
            }
        }
        Said::Switch(on, key) => {
            let label = on.origin.label;
            match (&on.state, &key.state) {
                // Nobody asked for encryption: the region may do it by itself.
                (State::Known(false), _) if S::REGIONAL && on.origin.is_default() => {
                    return regional(inventory, of, label, plain).map(Some);
                }
                (State::Known(false) | State::Absent, _) => Ok(plain(Grade::None, label)),
                (State::Known(true), State::Absent) => Ok(plain(Grade::Service, label.weakest(key.origin.label))),
                (State::Known(true), State::Known(name)) => named(inventory, of, name, label.weakest(key.origin.label)),
                (State::Unknown(reason), _) | (_, State::Unknown(reason)) => Err((reason.clone(), label)),
            }
        }
        Said::Service(on) => match &on.state {
            State::Known(true) => Ok(plain(Grade::Service, on.origin.label)),
            State::Known(false) => Ok(plain(Grade::None, on.origin.label)),
            State::Absent => return Ok(None),
            State::Unknown(reason) => Err((reason.clone(), on.origin.label)),
        },
        Said::Key(key) => match &key.state {
            State::Known(name) => named(inventory, of, name, key.origin.label),
            State::Absent => Ok(plain(Grade::None, key.origin.label)),
            State::Unknown(reason) => Err((reason.clone(), key.origin.label)),
        },
        Said::Nameless(on) => match &on.state {
            State::Known(true) => Err((Reason::NotInEvidence, on.origin.label)),
            State::Known(false) | State::Absent => Ok(plain(Grade::None, on.origin.label)),
            State::Unknown(reason) => Err((reason.clone(), on.origin.label)),
        },
        // Its layers are those of what it was made of: `Layers` goes there.
        Said::Copied(..) => return Ok(None),
    };
    found.map(Some)
}

/// What encrypts a disk that asks for nothing: the default of its region, which a configuration need not declare.
fn regional(
    inventory: &Inventory,
    of: &Head,
    label: Label,
    plain: impl Fn(Grade, Label) -> Layer,
) -> Result<Layer, (Reason, Label)> {
    let here = |settings: &&ecs::RegionSettings| match of.region.value() {
        Some(region) => settings.head.region.value().or(settings.head.id.value()) == Some(region),
        None => settings.head.set == of.set,
    };
    let settings = inventory.all::<ecs::RegionSettings>().iter().find(here);
    let Some(settings) = settings else { return Err((Reason::NotCollected, label)) };
    let label = label.weakest(settings.disk_encryption_by_default.origin.label);
    match (&settings.disk_encryption_by_default.state, &settings.disk_default_kms_key.state) {
        (State::Known(false) | State::Absent, _) => Ok(plain(Grade::None, label)),
        (State::Known(true), State::Absent) => Ok(plain(Grade::Service, label)),
        (State::Known(true), State::Known(name)) => named(inventory, of, name, label),
        (State::Unknown(reason), _) | (_, State::Unknown(reason)) => Err((reason.clone(), label)),
    }
}

/// A layer under a key of KMS that is named: by id, ARN or alias. One that is not in evidence may be anything: the
/// service's own key has an id like any other (KMS-8).
fn named(inventory: &Inventory, of: &Head, name: &Text, label: Label) -> Result<Layer, (Reason, Label)> {
    let short = name.rsplit('/').next().filter(|_| name.starts_with("acs:kms")).unwrap_or(name);
    let by_alias = |key: &&kms::Key| key.aliases.value().is_some_and(|aliases| aliases.items.iter().any(|a| a == name));
    let key = inventory
        .follow_as::<kms::Key>(Some(of), short)
        .or_else(|| inventory.all::<kms::Key>().iter().find(by_alias))
        .ok_or((Reason::NotCollected, label))?;
    let label = label.weakest(key.state.origin.label);
    let grade = grade(inventory, key).map_err(|reason| (reason, label))?;
    let usable = match &key.state.state {
        State::Known(state) => Ok(state == "enabled"),
        State::Absent => Err(Reason::NotInEvidence),
        State::Unknown(reason) => Err(reason.clone()),
    };
    let (name, holder) = (called(&key.head), grade.word());
    let proof = match key.state.value() {
        Some(state) => {
            in_words(format!("key {name} is a {holder} and {state}"), format!("密钥 {name}（{holder}）状态为 {state}"))
        }
        None => in_words(
            format!("key {name} is a {holder} in a state that is not known"),
            format!("密钥 {name}（{holder}）状态未知"),
        ),
    };
    let id = key.head.id.value().cloned();
    Ok(Layer { grade, key: id, cipher: key.algorithm.value().cloned(), usable: Some(usable), proof, label })
}

/// The grade of a key. That a key without an instance is kept in HSM by the provider does not make the HSM the tenant's
/// (KMS-5, KMS-6).
fn grade(inventory: &Inventory, key: &kms::Key) -> Result<Grade, Reason> {
    match &key.service_key.state {
        State::Known(true) => return Ok(Grade::Service),
        State::Known(false) | State::Absent => {}
        State::Unknown(reason) => return Err(reason.clone()),
    }
    if key.protection_level.value().is_some_and(|level| level == "external") {
        return Ok(Grade::Hardware);
    }
    match &key.instance.state {
        State::Absent => Ok(Grade::Default),
        State::Unknown(reason) => Err(reason.clone()),
        State::Known(link) => {
            let instance = inventory.follow_as::<kms::Instance>(Some(&key.head), &link.target);
            match instance.map(|instance| &instance.instance_type.state) {
                Some(State::Known(kind)) => match kind.as_str() {
                    "software" => Ok(Grade::Customer),
                    "hardware" | "external" => Ok(Grade::Hardware),
                    other => Err(Reason::not_understood(format!("the KMS instance type `{other}`"))),
                },
                Some(State::Unknown(reason)) if !reason.is_silence() => Err(reason.clone()),
                // The answers about an instance do not say its type.
                Some(State::Absent | State::Unknown(_)) | None => {
                    match key.protection_level.value().map(Text::as_str) {
                        // With an instance, the instance decides where the key is kept (KMS-5).
                        Some("hsm") => Ok(Grade::Hardware),
                        Some("software") => Ok(Grade::Customer),
                        _ => Err(Reason::NotCollected),
                    }
                }
            }
        }
    }
}
