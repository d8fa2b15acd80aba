//! Encryption at rest of every store, graded by who holds the key, and joined with the state of the key; encryption in
//! transit of stores that clients connect to. Source: network semantics §11.1 (grades), KMS-1 to KMS-8, §11.3, §11.4.
//! That old objects of a bucket were written before its rule is not seen here: the grade is that of new ones.

use xiezhi_model::service::{
    ack, adb, clickhouse, ecs, elasticsearch, gpdb, hbr, kafka, kms, lindorm, maxcompute, mongodb, nas, oss, ots,
    polardb, rds, redis, rocketmq, sls,
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
        each_store(&mut Judge(inventory));
    }
}

struct Judge<'a>(&'a mut Inventory);

impl Visit for Judge<'_> {
    fn visit<S: Store>(&mut self) {
        judge::<S>(self.0);
    }
}

/// What is done for every kind of store.
pub(crate) trait Visit {
    /// For one kind.
    fn visit<S: Store>(&mut self);
}

/// Visits every kind of store, in the order of network semantics §11.3.
pub(crate) fn each_store(visit: &mut impl Visit) {
    visit.visit::<ecs::Disk>();
    visit.visit::<ecs::Snapshot>();
    visit.visit::<oss::Bucket>();
    visit.visit::<rds::Instance>();
    visit.visit::<polardb::Cluster>();
    visit.visit::<redis::Instance>();
    visit.visit::<mongodb::Instance>();
    visit.visit::<nas::FileSystem>();
    visit.visit::<sls::Logstore>();
    visit.visit::<kafka::Instance>();
    visit.visit::<elasticsearch::Instance>();
    visit.visit::<clickhouse::Cluster>();
    visit.visit::<gpdb::Instance>();
    visit.visit::<adb::Cluster>();
    visit.visit::<ots::Table>();
    visit.visit::<ack::Cluster>();
    visit.visit::<hbr::Vault>();
    visit.visit::<rocketmq::Instance>();
    visit.visit::<maxcompute::Project>();
    visit.visit::<lindorm::Instance>();
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
    /// The id of the key, when it is one of KMS in evidence.
    key: Option<Text>,
    cipher: Option<Text>,
    /// Whether the key can be used; `None` when no key of KMS is named.
    usable: Option<Result<bool, Reason>>,
    proof: Proof,
    label: Label,
}

/// How a store says what encrypts it.
pub(crate) enum Said<'a> {
    /// A word for the holder, and the key when it is one of KMS.
    Holder(&'a Fact<Text>, &'a Fact<Link<kms::Key>>),
    /// A switch, and the key's name; absent when the service key does.
    Switch(&'a Fact<bool>, &'a Fact<Text>),
    /// A switch for the service key; absent when there is nothing to encrypt.
    Service(&'a Fact<bool>),
    /// The key's name; absent when nothing encrypts.
    Key(&'a Fact<Text>),
    /// A switch for a key that no source names.
    Nameless(&'a Fact<bool>),
}

/// How a store speaks TLS with its clients.
pub(crate) enum Transit<'a> {
    /// A switch that offers it, and one that enforces it where the product can.
    Offered(&'a Fact<bool>, Option<&'a Fact<bool>>),
    /// A switch that refuses everything else, and the word for what holds without it.
    Only(&'a Fact<bool>, &'static str),
}

/// A kind of store.
pub(crate) trait Store: Resource {
    /// Whether the layers are parts beside one another, of which the weakest counts, and not one in another.
    const PARTS: bool = false;
    /// Whether a region may encrypt new ones by default.
    const REGIONAL: bool = false;
    /// What encrypts it.
    fn layers(&self) -> Vec<Said<'_>>;
    /// The cipher that the store itself names.
    fn cipher(&self) -> Option<&Text> {
        None
    }
    /// A switch without which some of the data may be plain although a key is named.
    fn all_of_it(&self) -> Option<&Fact<bool>> {
        None
    }
    /// Writes what is concluded.
    fn fill(&mut self, at_rest: Fact<Text>, cipher: Fact<Text>, usable: Fact<bool>);
    /// Grade, cipher and whether the keys can be used, as concluded.
    fn concluded(&self) -> (&Fact<Text>, &Fact<Text>, &Fact<bool>);
    /// How it speaks TLS; nothing for stores without clients of their own.
    fn transit(&self) -> Option<Transit<'_>> {
        None
    }
    /// Writes what is concluded.
    fn fill_transit(&mut self, _in_transit: Fact<Text>) {}
    /// TLS, as concluded.
    fn in_transit(&self) -> Option<&Fact<Text>> {
        None
    }
}

macro_rules! store {
    ($kind:ty, [$($said:ident $holder:ident $($key:ident)?),*] $(, const $flag:ident)? $(, cipher $cipher:ident)? $(, unless $all:ident)?
        $(, tls $ssl:ident $($enforced:ident)?)? $(, only $only:ident $without:literal)?) => {
        impl Store for $kind {
            $(const $flag: bool = true;)?
            fn layers(&self) -> Vec<Said<'_>> {
                vec![$(Said::$said(&self.$holder $(, &self.$key)?)),*]
            }
            $(fn cipher(&self) -> Option<&Text> {
                self.$cipher.value()
            })?
            $(fn all_of_it(&self) -> Option<&Fact<bool>> {
                Some(&self.$all)
            })?
            fn fill(&mut self, at_rest: Fact<Text>, cipher: Fact<Text>, usable: Fact<bool>) {
                (self.at_rest, self.at_rest_cipher, self.at_rest_key_usable) = (at_rest, cipher, usable);
            }
            fn concluded(&self) -> (&Fact<Text>, &Fact<Text>, &Fact<bool>) {
                (&self.at_rest, &self.at_rest_cipher, &self.at_rest_key_usable)
            }
            $(fn transit(&self) -> Option<Transit<'_>> {
                #[allow(unused_mut, unused_assignments)]
                let mut enforced = None;
                $(enforced = Some(&self.$enforced);)?
                Some(Transit::Offered(&self.$ssl, enforced))
            }
            fn fill_transit(&mut self, in_transit: Fact<Text>) {
                self.in_transit = in_transit;
            }
            fn in_transit(&self) -> Option<&Fact<Text>> {
                Some(&self.in_transit)
            })?
            $(fn transit(&self) -> Option<Transit<'_>> {
                Some(Transit::Only(&self.$only, $without))
            }
            fn fill_transit(&mut self, in_transit: Fact<Text>) {
                self.in_transit = in_transit;
            }
            fn in_transit(&self) -> Option<&Fact<Text>> {
                Some(&self.in_transit)
            })?
        }
    };
}

store!(ecs::Disk, [Switch encrypted kms_key], const REGIONAL, cipher encryption_algorithm);
store!(ecs::Snapshot, [Switch encrypted kms_key]);
store!(oss::Bucket, [Holder encryption encryption_key], cipher encryption_algorithm, only denies_plain_http "offered");
store!(rds::Instance, [Holder tde_key_holder tde_key, Holder disk_encryption disk_key], tls ssl ssl_enforced);
store!(polardb::Cluster, [Holder tde_key_holder tde_key], unless encrypt_new_tables, tls ssl);
store!(redis::Instance, [Holder tde_key_holder tde_key], tls ssl);
store!(mongodb::Instance, [Holder tde_key_holder tde_key, Holder disk_encryption disk_key], tls ssl ssl_enforced);
store!(nas::FileSystem, [Holder encryption encryption_key]);
store!(sls::Logstore, [Switch encrypted encryption_key], cipher encryption_algorithm);
store!(kafka::Instance, [Holder encryption encryption_key]);
store!(
    elasticsearch::Instance,
    [Service data_disk_encrypted, Service warm_disk_encrypted, Service elastic_disk_encrypted],
    const PARTS,
    only https "off"
);
store!(clickhouse::Cluster, [Holder disk_encryption disk_key]);
store!(gpdb::Instance, [Holder disk_encryption disk_key], tls ssl);
store!(adb::Cluster, [Holder disk_encryption disk_key], tls ssl);
store!(ots::Table, [Holder encryption encryption_key]);
store!(ack::Cluster, [Key secrets_key]);
store!(hbr::Vault, [Holder encryption encryption_key]);
store!(rocketmq::Instance, [Switch encrypted encryption_key]);
store!(maxcompute::Project, [Nameless encrypted], cipher encryption_algorithm);
store!(lindorm::Instance, []);

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

/// The layers of a store, and why there may be more of them.
fn layers_of<S: Store>(inventory: &Inventory, store: &S) -> (Vec<Layer>, Option<Reason>, Label) {
    let (mut layers, mut doubt, mut label) = (Vec::new(), None, Label::Live);
    for said in store.layers() {
        match layer::<S>(inventory, store.head(), &said) {
            Ok(Some(layer)) => {
                label = label.weakest(layer.label);
                layers.push(layer);
            }
            Ok(None) => {}
            Err((reason, of)) => {
                label = label.weakest(of);
                doubt = doubt.or(Some(reason));
            }
        }
    }
    (layers, doubt, label)
}

/// The ids of the KMS keys that a store names and that are in evidence.
pub(crate) fn keys_of<S: Store>(inventory: &Inventory, store: &S) -> Vec<Text> {
    let mut keys: Vec<Text> = layers_of(inventory, store).0.into_iter().filter_map(|layer| layer.key).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// The grade of the layer that counts, its cipher, and whether every key can be used. A layer that was not looked at
/// may be the one that counts; a part without encryption decides whatever the others are.
fn at_rest<S: Store>(inventory: &Inventory, store: &S) -> (Fact<Text>, Fact<Text>, Fact<bool>) {
    let (layers, doubt, label) = layers_of(inventory, store);
    let usable = usable(&layers, doubt.as_ref(), label);
    let unknown = |reason: Reason| {
        let origin = derived(NAME, "", label);
        (Fact::unknown(reason.clone(), origin.clone()), Fact::unknown(reason, origin))
    };
    let counts = match S::PARTS {
        true => layers.iter().min_by_key(|layer| layer.grade),
        false => layers.iter().max_by_key(|layer| layer.grade),
    };
    let plain_part = S::PARTS && counts.is_some_and(|layer| layer.grade == Grade::None);
    let (at_rest, cipher) = match (counts, doubt) {
        (_, Some(reason)) if !plain_part => unknown(reason),
        (None, _) => unknown(Reason::NotInEvidence),
        (Some(counts), _) => match partly(store, counts.grade) {
            Some(reason) => unknown(reason),
            None => {
                let origin = derived(NAME, counts.proof.clone(), label);
                let cipher = match (counts.grade, store.cipher().or(counts.cipher.as_ref())) {
                    (Grade::None, _) => Fact::absent(origin.clone()),
                    (_, Some(word)) => match word.to_ascii_lowercase() {
                        word if word.contains("sm4") => Fact::known("sm4".into(), origin.clone()),
                        word if word.starts_with("aes") => Fact::known("aes".into(), origin.clone()),
                        word => Fact::unknown(Reason::not_understood(format!("the cipher `{word}`")), origin.clone()),
                    },
                    (_, None) => Fact::unknown(Reason::NotInEvidence, origin.clone()),
                };
                (Fact::known(Text::from(counts.grade.word()), origin), cipher)
            }
        },
    };
    (at_rest, cipher, usable)
}

/// Why some of the data may be plain although a key is named (§11.3: with EncryptNewTables off, tables may be plain).
fn partly<S: Store>(store: &S, grade: Grade) -> Option<Reason> {
    match (&store.all_of_it()?.state, grade) {
        (_, Grade::None) | (State::Known(true) | State::Absent, _) => None,
        (State::Known(false), _) => Some(Reason::not_understood("which tables were made without encryption")),
        (State::Unknown(reason), _) => Some(reason.clone()),
    }
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

fn layer<S: Store>(inventory: &Inventory, of: &Head, said: &Said<'_>) -> Result<Option<Layer>, (Reason, Label)> {
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
    let (word, label) = match store.transit()? {
        Transit::Offered(offered, enforced) => {
            let label = offered.origin.label;
            match (&offered.state, enforced.map(|fact| &fact.state)) {
                (State::Known(false) | State::Absent, _) => (Ok("off"), label),
                (State::Unknown(reason), _) => (Err(reason.clone()), label),
                (State::Known(true), None) => (Ok("offered"), label),
                (State::Known(true), Some(state)) => {
                    let word = match state {
                        State::Known(true) => Ok("enforced"),
                        State::Known(false) | State::Absent => Ok("offered"),
                        State::Unknown(reason) => Err(reason.clone()),
                    };
                    (word, enforced.map_or(label, |fact| label.weakest(fact.origin.label)))
                }
            }
        }
        Transit::Only(only, without) => {
            let word = match &only.state {
                State::Known(true) => Ok("enforced"),
                State::Known(false) | State::Absent => Ok(without),
                State::Unknown(reason) => Err(reason.clone()),
            };
            (word, only.origin.label)
        }
    };
    let origin = derived(NAME, in_words("TLS as the product states it", "以产品给出的 TLS 配置为准"), label);
    Some(match word {
        Ok(word) => Fact::known(Text::from(word), origin),
        Err(reason) => Fact::unknown(reason, origin),
    })
}
