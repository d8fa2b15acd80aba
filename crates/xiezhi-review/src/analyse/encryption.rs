//! Encryption at rest of every store, graded by who holds the key, and joined with the state of the key; encryption in
//! transit of databases. Source: network semantics §11.1 (grades), KMS-1 to KMS-8, §11.3, §11.4.

use xiezhi_model::service::{
    adb, clickhouse, ecs, gpdb, hbr, kafka, kms, mongodb, nas, oss, ots, polardb, rds, redis, sls,
};
use xiezhi_model::{Fact, Head, Inventory, Label, Link, Reason, Resource, State, Text};

use super::evidence::called;
use super::{Analysis, Proof, derived, in_words};

/// See the module.
pub(super) struct Encryption;

const NAME: &str = "encryption";

impl Analysis for Encryption {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(&self, inventory: &mut Inventory) {
        judge::<ecs::Disk>(inventory);
        judge::<oss::Bucket>(inventory);
        judge::<rds::Instance>(inventory);
        judge::<polardb::Cluster>(inventory);
        judge::<redis::Instance>(inventory);
        judge::<mongodb::Instance>(inventory);
        judge::<nas::FileSystem>(inventory);
        judge::<sls::Logstore>(inventory);
        judge::<kafka::Instance>(inventory);
        judge::<clickhouse::Cluster>(inventory);
        judge::<gpdb::Instance>(inventory);
        judge::<adb::Cluster>(inventory);
        judge::<ots::Table>(inventory);
        judge::<hbr::Vault>(inventory);
    }
}

/// Who holds the key, the weakest first. Source: network semantics §11.1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Grade {
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
    fn word(self) -> &'static str {
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
struct Layer {
    grade: Grade,
    cipher: Option<Text>,
    /// Whether the key can be used; `None` when no key of KMS is named.
    usable: Option<Result<bool, Reason>>,
    proof: Proof,
    label: Label,
}

/// How a store says what encrypts it.
enum Said<'a> {
    /// A word for the holder, and the key when it is one of KMS.
    Holder(&'a Fact<Text>, &'a Fact<Link<kms::Key>>),
    /// A switch, and the key's name; absent when the service key does.
    Switch(&'a Fact<bool>, &'a Fact<Text>),
}

/// A kind of store.
trait Store: Resource {
    fn layers(&self) -> Vec<Said<'_>>;
    /// The cipher that the store itself names.
    fn cipher(&self) -> Option<&Text> {
        None
    }
    fn fill(&mut self, at_rest: Fact<Text>, cipher: Fact<Text>, usable: Fact<bool>);
    /// Whether TLS is offered, and whether it is enforced where the product can enforce it.
    fn transit(&self) -> Option<(&Fact<bool>, Option<&Fact<bool>>)> {
        None
    }
    fn fill_transit(&mut self, _in_transit: Fact<Text>) {}
}

macro_rules! store {
    ($kind:ty, [$($said:ident $holder:ident $key:ident),+] $(, cipher $cipher:ident)? $(, tls $ssl:ident $($enforced:ident)?)?) => {
        impl Store for $kind {
            fn layers(&self) -> Vec<Said<'_>> {
                vec![$(Said::$said(&self.$holder, &self.$key)),+]
            }
            $(fn cipher(&self) -> Option<&Text> {
                self.$cipher.value()
            })?
            fn fill(&mut self, at_rest: Fact<Text>, cipher: Fact<Text>, usable: Fact<bool>) {
                (self.at_rest, self.at_rest_cipher, self.at_rest_key_usable) = (at_rest, cipher, usable);
            }
            $(fn transit(&self) -> Option<(&Fact<bool>, Option<&Fact<bool>>)> {
                #[allow(unused_mut, unused_assignments)]
                let mut enforced = None;
                $(enforced = Some(&self.$enforced);)?
                Some((&self.$ssl, enforced))
            }
            fn fill_transit(&mut self, in_transit: Fact<Text>) {
                self.in_transit = in_transit;
            })?
        }
    };
}

store!(ecs::Disk, [Switch encrypted kms_key]);
store!(oss::Bucket, [Holder encryption encryption_key], cipher encryption_algorithm);
store!(rds::Instance, [Holder tde_key_holder tde_key, Holder disk_encryption disk_key], tls ssl ssl_enforced);
store!(polardb::Cluster, [Holder tde_key_holder tde_key], tls ssl);
store!(redis::Instance, [Holder tde_key_holder tde_key], tls ssl);
store!(mongodb::Instance, [Holder tde_key_holder tde_key, Holder disk_encryption disk_key], tls ssl ssl_enforced);
store!(nas::FileSystem, [Holder encryption encryption_key]);
store!(sls::Logstore, [Switch encrypted encryption_key]);
store!(kafka::Instance, [Holder encryption encryption_key]);
store!(clickhouse::Cluster, [Holder disk_encryption disk_key]);
store!(gpdb::Instance, [Holder disk_encryption disk_key], tls ssl);
store!(adb::Cluster, [Holder disk_encryption disk_key], tls ssl);
store!(ots::Table, [Holder encryption encryption_key]);
store!(hbr::Vault, [Holder encryption encryption_key]);

fn judge<S: Store>(inventory: &mut Inventory) {
    let concluded: Vec<_> =
        inventory.all::<S>().iter().map(|store| (at_rest(inventory, store), in_transit(store))).collect();
    for (store, ((grade, cipher, usable), transit)) in inventory.all_mut::<S>().iter_mut().zip(concluded) {
        store.fill(grade, cipher, usable);
        if let Some(transit) = transit {
            store.fill_transit(transit);
        }
    }
}

/// The grade of the strongest layer, its cipher, and whether every key can be used. A layer that was not looked at may
/// be the strongest.
fn at_rest<S: Store>(inventory: &Inventory, store: &S) -> (Fact<Text>, Fact<Text>, Fact<bool>) {
    let mut layers = Vec::new();
    let mut doubt = None;
    let mut label = Label::Live;
    for said in store.layers() {
        match layer(inventory, store.head(), &said) {
            Ok(layer) => {
                label = label.weakest(layer.label);
                layers.push(layer);
            }
            Err((reason, of)) => {
                label = label.weakest(of);
                doubt = doubt.or(Some(reason));
            }
        }
    }
    let usable = usable(&layers, doubt.as_ref(), label);
    if let Some(reason) = doubt {
        let origin = derived(NAME, "", label);
        return (Fact::unknown(reason.clone(), origin.clone()), Fact::unknown(reason, origin), usable);
    }
    let Some(best) = layers.iter().max_by_key(|layer| layer.grade) else {
        let origin = derived(NAME, "", label);
        return (
            Fact::unknown(Reason::NotCollected, origin.clone()),
            Fact::unknown(Reason::NotCollected, origin),
            usable,
        );
    };
    let origin = derived(NAME, best.proof.clone(), label);
    let cipher = match (best.grade, store.cipher().or(best.cipher.as_ref())) {
        (Grade::None, _) => Fact::absent(origin.clone()),
        (_, Some(word)) => {
            let sm4 = word.to_ascii_lowercase().contains("sm4");
            Fact::known(Text::from(if sm4 { "sm4" } else { "aes" }), origin.clone())
        }
        (_, None) => Fact::unknown(Reason::NotInEvidence, origin.clone()),
    };
    (Fact::known(Text::from(best.grade.word()), origin), cipher, usable)
}

fn usable(layers: &[Layer], doubt: Option<&Reason>, label: Label) -> Fact<bool> {
    let named = || layers.iter().filter_map(|layer| layer.usable.as_ref().map(|usable| (usable, &layer.proof)));
    if let Some((_, proof)) = named().find(|(usable, _)| **usable == Ok(false)) {
        return Fact::known(false, derived(NAME, proof.clone(), label));
    }
    if let Some(reason) = doubt.or_else(|| named().find_map(|(usable, _)| usable.as_ref().err())) {
        return Fact::unknown(reason.clone(), derived(NAME, "", label));
    }
    match named().next() {
        Some((_, proof)) => Fact::known(true, derived(NAME, proof.clone(), label)),
        None => Fact::absent(derived(NAME, in_words("no key of KMS is named", "未指定 KMS 密钥"), label)),
    }
}

fn layer(inventory: &Inventory, of: &Head, said: &Said<'_>) -> Result<Layer, (Reason, Label)> {
    let plain = |grade: Grade, label: Label| Layer {
        grade,
        // Keys of products and default keys are AES-256 only (KMS-7).
        cipher: (grade != Grade::None).then(|| Text::from("aes")),
        usable: None,
        proof: in_words(format!("the key holder is {}", grade.word()), format!("密钥持有方为 {}", grade.word())),
        label,
    };
    match said {
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
                (State::Known(false) | State::Absent, _) => Ok(plain(Grade::None, label)),
                (State::Known(true), State::Absent) => Ok(plain(Grade::Service, label.weakest(key.origin.label))),
                (State::Known(true), State::Known(name)) => named(inventory, of, name, label.weakest(key.origin.label)),
                (State::Unknown(reason), _) | (_, State::Unknown(reason)) => Err((reason.clone(), label)),
            }
        }
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
    Ok(Layer { grade, cipher: key.algorithm.value().cloned(), usable: Some(usable), proof, label })
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
                Some(State::Known(kind)) if kind == "software" => Ok(Grade::Customer),
                Some(State::Known(_)) => Ok(Grade::Hardware),
                Some(State::Unknown(reason)) => Err(reason.clone()),
                Some(State::Absent) | None => match key.protection_level.value().map(Text::as_str) {
                    // With an instance, the instance decides where the key is kept (KMS-5).
                    Some("hsm") => Ok(Grade::Hardware),
                    Some("software") => Ok(Grade::Customer),
                    _ => Err(Reason::NotCollected),
                },
            }
        }
    }
}

/// `off`, `offered` or `enforced`; a product that cannot enforce at this place offers (§11.4: enabled is not enforced).
fn in_transit<S: Store>(store: &S) -> Option<Fact<Text>> {
    let (offered, enforced) = store.transit()?;
    let mut label = offered.origin.label;
    let word = match (&offered.state, enforced.map(|fact| &fact.state)) {
        (State::Known(false) | State::Absent, _) => Ok("off"),
        (State::Unknown(reason), _) => Err(reason.clone()),
        (State::Known(true), None) => Ok("offered"),
        (State::Known(true), Some(state)) => {
            label = enforced.map_or(label, |fact| label.weakest(fact.origin.label));
            match state {
                State::Known(true) => Ok("enforced"),
                State::Known(false) | State::Absent => Ok("offered"),
                State::Unknown(reason) => Err(reason.clone()),
            }
        }
    };
    let origin = derived(NAME, in_words("TLS as the product states it", "以产品给出的 TLS 配置为准"), label);
    Some(match word {
        Ok(word) => Fact::known(Text::from(word), origin),
        Err(reason) => Fact::unknown(reason, origin),
    })
}
