//! Encryption at rest of every store, graded by who holds the key, and joined with the state of the key; encryption in
//! transit of stores that clients connect to. Source: network semantics §11.1 (grades), KMS-1 to KMS-8, §11.3, §11.4.
//! That old objects of a bucket were written before its rule is not seen here: the grade is that of new ones.

mod layer;
mod stores;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;

use xiezhi_model::service::ecs::Snapshot;
use xiezhi_model::{Fact, Inventory, Label, Reason, State, Text};

use super::{Analysis, derived, in_words};
use layer::{Grade, Layer, layer};
use stores::{Said, Transit};
pub(crate) use stores::{Store, Visit, each_store};

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

/// What encrypts a store.
struct Layers {
    all: Vec<Layer>,
    /// Why there may be more of them.
    doubt: Option<Reason>,
    label: Label,
}

impl Layers {
    fn of<S: Store>(inventory: &Inventory, store: &S) -> Self {
        let mut layers = Self { all: Vec::new(), doubt: None, label: Label::Live };
        for said in store.layers() {
            layers.add::<S>(inventory, store, &said);
        }
        layers
    }

    fn add<S: Store>(&mut self, inventory: &Inventory, store: &S, said: &Said<'_>) {
        let behind = match said {
            Said::Copied(encrypted, key, _) if encrypted.value() == Some(&true) => {
                return self.add::<S>(inventory, store, &Said::Switch(encrypted, key));
            }
            Said::Copied(_, _, snapshots) => *snapshots,
            said => return self.take(layer::<S>(inventory, store.head(), said)),
        };
        self.label = self.label.weakest(behind.origin.label);
        let list = match &behind.state {
            State::Known(list) => list,
            State::Absent => return,
            State::Unknown(reason) => return self.open(reason.clone()),
        };
        for link in &list.items {
            match inventory.follow_as::<Snapshot>(Some(store.head()), &link.target) {
                Some(snapshot) => {
                    let Self { all, doubt, label } = Self::of(inventory, snapshot);
                    self.label = self.label.weakest(label);
                    self.all.extend(all);
                    self.doubt = self.doubt.take().or(doubt);
                }
                None => self.open(Reason::NotCollected),
            }
        }
        list.more.iter().for_each(|reason| self.open(reason.clone()));
    }

    fn take(&mut self, found: Result<Option<Layer>, (Reason, Label)>) {
        match found {
            Ok(Some(layer)) => {
                self.label = self.label.weakest(layer.label);
                self.all.push(layer);
            }
            Ok(None) => {}
            Err((reason, label)) => {
                self.label = self.label.weakest(label);
                self.open(reason);
            }
        }
    }

    fn open(&mut self, reason: Reason) {
        self.doubt.get_or_insert(reason);
    }
}

/// The ids of the KMS keys that a store names and that are in evidence.
pub(crate) fn keys_of<S: Store>(inventory: &Inventory, store: &S) -> Vec<Text> {
    let mut keys: Vec<Text> = Layers::of(inventory, store).all.into_iter().filter_map(|layer| layer.key).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// The grade of the layer that counts, its cipher, and whether every key can be used. A layer that was not looked at
/// may be the one that counts; a part without encryption decides whatever the others are.
fn at_rest<S: Store>(inventory: &Inventory, store: &S) -> (Fact<Text>, Fact<Text>, Fact<bool>) {
    if store.foreign() {
        let proof = in_words("it is not the account's own", "它不属于本账号");
        let origin = derived(NAME, proof, store.head().origin.label);
        return (Fact::absent(origin.clone()), Fact::absent(origin.clone()), Fact::absent(origin));
    }
    let Layers { all: layers, doubt, label } = Layers::of(inventory, store);
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
        Transit::Always(word) => (Ok(word), store.head().origin.label.weakest(Label::Documentation)),
        Transit::Unsaid => (Err(Reason::NotInEvidence), store.head().origin.label),
    };
    let origin = derived(NAME, in_words("TLS as the product states it", "以产品给出的 TLS 配置为准"), label);
    Some(match word {
        Ok(word) => Fact::known(Text::from(word), origin),
        Err(reason) => Fact::unknown(reason, origin),
    })
}
