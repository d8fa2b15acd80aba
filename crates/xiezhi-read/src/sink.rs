//! Where adapters put what they read, whatever the source.

use std::collections::BTreeMap;
use std::sync::Arc;

use xiezhi_model::service::account::Account;
use xiezhi_model::{Batch, Fact, Head, Key, Label, Link, List, Origin, Reason, Resource, Scope, State, Text};

use crate::among::{Among, there_once};
use crate::fields::Fields;

/// The receiving side of an adapter: it knows what surrounds the value being read (account, region, address, the
/// parameters of the call) so that adapters only say what the value itself says.
pub struct Sink<'b> {
    /// The evidence set being read.
    pub batch: &'b mut Batch,
    /// What surrounds the value being read.
    pub around: Around,
}

/// What surrounds a value: said by the file name, the manifest, the block's header.
#[derive(Debug, Clone)]
pub struct Around {
    /// The account.
    pub account: Fact<Text>,
    /// The region.
    pub region: Fact<Text>,
    /// The address of the block: `alicloud_oss_bucket.b`, a ROS logical id; empty for API answers.
    pub address: Text,
    /// The evidence set of the address; empty for API answers.
    pub set: Text,
    /// The parameters of the call, for answers that do not repeat them (OSS GetBucketAcl does not name its bucket).
    pub params: Vec<(Text, Text)>,
    /// Where the answer or file stands.
    pub origin: Origin,
    /// Why nobody can tell whether the block is there at all: a `count` that is not known, a condition.
    pub uncertain: Option<Reason>,
    /// How the addresses begin of what is there if the block is: the rest of a module that may not be called. Empty for
    /// a block that is uncertain by itself.
    pub together: Text,
    /// Which resources a target that nobody can tell may be; `None` for any of its kind.
    pub(crate) among: Option<Arc<Among>>,
    /// The types of the resources of a template, by logical id; empty elsewhere.
    pub(crate) types: Arc<BTreeMap<Text, Text>>,
}

impl Around {
    /// Nothing is known of the surroundings.
    pub fn nothing(origin: Origin) -> Self {
        let silent = || Fact::unknown(Reason::NotCollected, origin.clone());
        Self {
            account: silent(),
            region: silent(),
            address: Text::default(),
            set: Text::default(),
            params: vec![],
            origin,
            uncertain: None,
            together: Text::default(),
            among: None,
            types: Arc::default(),
        }
    }

    /// Why nobody can tell whether the block says anything of a target; none when the target is there only with it.
    fn in_doubt(&self, target: &str) -> Option<&Reason> {
        let inside = || {
            let address = target.strip_prefix(self.set.as_str()).and_then(|rest| rest.strip_prefix('#'));
            !self.together.is_empty() && address.is_some_and(|address| address.starts_with(self.together.as_str()))
        };
        self.uncertain.as_ref().filter(|_| !inside())
    }
}

impl Sink<'_> {
    /// The type of the resource of the template that a target names; `None` when it names none.
    pub(crate) fn type_of(&self, target: &str) -> Option<&Text> {
        let (_, name) = target.rsplit_once('#')?;
        self.around.types.get(name.split('[').next()?)
    }

    /// A parameter of the call; unknown when the evidence does not keep the parameters.
    ///
    /// A file name tells only the subject of a call, without the parameter's name: it answers for whichever parameter
    /// names a thing (`BucketName`, `DBInstanceId`, `project`).
    pub fn param(&self, name: &str) -> Fact<Text> {
        let params = &self.around.params;
        let named = params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        let subject = || params.iter().find(|(key, _)| key.is_empty() && names_a_thing(name));
        match named.or_else(subject) {
            Some((_, value)) if crate::fields::is_masked(value) => {
                Fact::unknown(Reason::Redacted, self.around.origin.clone())
            }
            Some((_, value)) => Fact::known(value.clone(), self.around.origin.clone()),
            None => Fact::unknown(Reason::NotInEvidence, self.around.origin.clone()),
        }
    }

    /// Adds the resource that the value is, and fills its facts. What else the evidence set says of it is joined.
    ///
    /// A resource without an id and without an address cannot be told from another, and is kept for itself: several
    /// may stand on one line. Of what an account has once, the place it stands at makes one.
    pub fn put<R: Resource>(&mut self, fields: &Fields<'_>, id: Fact<Text>, fill: impl FnOnce(&mut R)) {
        let mut head = Head::new(fields.origin());
        head.account = self.around.account.clone();
        head.region = self.around.region.clone();
        head.address = self.around.address.clone();
        head.set = self.around.set.clone();
        let key = Key {
            id: id.value().cloned(),
            address: (!head.address.is_empty()).then(|| format!("{}#{}", head.set, head.address).into()),
        };
        let key = match key == Key::default() && R::SCHEMA.scope == Scope::Account {
            true => Key::address(&head.origin.to_string(), ""),
            false => key,
        };
        head.id = id;
        let mut resource = R::new(head);
        fill(&mut resource);
        self.batch.add(&key, self.settings_in_doubt(resource));
    }

    /// What an account or region has once is there whatever a block says of it: a block that may not be there makes what
    /// it says unknown.
    fn settings_in_doubt<R: Resource>(&self, resource: R) -> R {
        match &self.around.uncertain {
            Some(reason) if there_once::<R>() => {
                let mut doubtful = R::new(resource.head().clone());
                doubtful.doubt(&resource, reason);
                doubtful
            }
            _ => resource,
        }
    }

    /// Reads a part of a block that is a resource of its own (the system disk of an instance): its address is the
    /// block's with `part` behind it. Parts of API answers are known by their ids.
    pub fn part(&mut self, part: &str, read: impl FnOnce(&mut Self)) {
        let whole = self.around.address.clone();
        if !whole.is_empty() {
            self.around.address = format!("{whole}.{part}").into();
        }
        read(self);
        self.around.address = whole;
    }

    /// The link, or why it cannot be followed: an id that several blocks declare means any of them.
    fn placed<R: Resource>(&mut self, target: &Fact<Link<R>>) -> Fact<Link<R>> {
        let ambiguous = target.value().and_then(|link| self.batch.ambiguous::<R>(&link.target));
        match ambiguous {
            Some(reason) => Fact::unknown(reason, target.origin.clone()),
            None => target.clone(),
        }
    }

    /// Says facts of another resource, which a link names: a detail call, a companion block.
    ///
    /// When the link is unresolved, what `change` would say becomes unknown for every resource of the kind in this
    /// evidence set of which nothing better is known: one of them is meant. When nobody can tell whether the value
    /// read is there at all, the same holds for the one resource that the link names.
    pub fn on<R: Resource>(&mut self, target: &Fact<Link<R>>, change: impl FnOnce(&mut R)) {
        let target = &self.placed(target);
        match &target.state {
            State::Known(link) => {
                let around = &self.around;
                if let Some(reason) = around.in_doubt(&link.target).cloned() {
                    let mut hint = R::new(Head::new(target.origin.clone()));
                    change(&mut hint);
                    let (key, origin) = (Key::target(&link.target), target.origin.clone());
                    self.batch.later(move |batch| {
                        batch.edit::<R>(&key, &origin, |resource| resource.doubt(&hint, &reason));
                    });
                    return;
                }
                self.batch.edit::<R>(&Key::target(&link.target), &target.origin, |resource| {
                    fill_head(resource.head_mut(), link, around);
                    let mut said = R::new(Head::new(target.origin.clone()));
                    change(&mut said);
                    said.head_mut().clone_from(resource.head());
                    resource.merge(said);
                });
            }
            State::Absent => {}
            State::Unknown(reason) => {
                let mut hint = R::new(Head::new(target.origin.clone()));
                change(&mut hint);
                let (reason, among) = (reason.clone(), self.around.among.clone());
                self.batch.later(move |batch| {
                    batch.for_each::<R>(|resource| match may(&among, resource) {
                        true => resource.doubt(&hint, &reason),
                        false => resource.presume(&hint),
                    });
                });
            }
        }
    }

    /// Adds members to a list of another resource, which a link names: pages of a call, companion blocks.
    ///
    /// When the link is unresolved, that list may have more members in every resource of the kind in this set.
    pub fn append<R: Resource, T: 'static>(
        &mut self,
        target: &Fact<Link<R>>,
        list: fn(&mut R) -> &mut Fact<List<T>>,
        items: Vec<T>,
        more: Option<Reason>,
    ) {
        let target = &self.placed(target);
        match &target.state {
            State::Known(link) => {
                let around = &self.around;
                let key = Key::target(&link.target);
                // What may not be there is no member, but there may be more members than are seen.
                let (items, more) = match around.in_doubt(&link.target) {
                    Some(reason) => (vec![], Some(reason.clone())),
                    None => (items, more),
                };
                self.batch.edit::<R>(&key, &target.origin, |resource| fill_head(resource.head_mut(), link, around));
                self.batch.append(&key, &target.origin, list, items, more);
            }
            State::Absent => {}
            State::Unknown(reason) => {
                let (reason, origin) = (reason.clone(), target.origin.clone());
                let among = self.around.among.clone();
                self.batch.later(move |batch| {
                    batch.for_each::<R>(|resource| {
                        let meant = may(&among, resource);
                        let fact = list(resource);
                        if !meant {
                            fact.origin.label = Label::Inference;
                            return;
                        }
                        match &mut fact.state {
                            State::Known(list) => {
                                list.more.get_or_insert(reason.clone());
                                if fact.origin.is_default() {
                                    fact.origin = origin.clone();
                                }
                            }
                            State::Absent => *fact = Fact::unknown(reason.clone(), origin.clone()),
                            State::Unknown(old) if old.is_silence() => {
                                *fact = Fact::unknown(reason.clone(), origin.clone());
                            }
                            State::Unknown(_) => {}
                        }
                    });
                });
            }
        }
    }
}

impl Sink<'_> {
    /// Says facts of what every account has exactly one of: the account itself, its password policy, its Security
    /// Center. Whatever else the set says of it is joined, whether or not the evidence names the account.
    pub fn one<R: Resource>(&mut self, fields: &Fields<'_>, fill: impl FnOnce(&mut R)) {
        let mut head = Head::new(fields.origin());
        head.account = self.around.account.clone();
        head.address = self.around.address.clone();
        head.set = self.around.set.clone();
        if R::SCHEMA.kind == Account::SCHEMA.kind {
            head.id = head.account.clone();
        }
        let mut resource = R::new(head);
        fill(&mut resource);
        let resource = self.settings_in_doubt(resource);
        // Two blocks that declare the same thing differently are judged each for itself.
        let key = if resource.head().address.is_empty() {
            Key::address(R::SCHEMA.kind, "")
        } else {
            Key::address(&resource.head().set, &resource.head().address)
        };
        self.batch.add(&key, resource);
    }

    /// Adds what a source says of a whole list to the list of another resource, as [`Self::append`] does; a list
    /// that cannot be read is unknown there.
    pub fn extend<R: Resource, T: PartialEq + 'static>(
        &mut self,
        target: &Fact<Link<R>>,
        list: fn(&mut R) -> &mut Fact<List<T>>,
        items: Fact<List<T>>,
    ) {
        match items.state {
            State::Known(said) => self.append(target, list, said.items, said.more),
            State::Absent => {}
            State::Unknown(reason) => {
                let unknown = Fact::unknown(reason, items.origin);
                self.on(target, |resource| *list(resource) = unknown);
            }
        }
    }
}

/// Whether a parameter of that name says which thing is asked for, and not how.
fn names_a_thing(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ends = ["id", "name", "arn", "bucket", "project", "instanceid"].iter().any(|end| name.ends_with(end));
    ends && name != "regionid" && name != "resourcegroupid"
}

fn may<R: Resource>(among: &Option<Arc<Among>>, resource: &R) -> bool {
    among.as_ref().is_none_or(|among| among.has(resource))
}

fn fill_head<R>(head: &mut Head, link: &Link<R>, around: &Around) {
    if !link.target.contains('#') {
        head.id.merge(Fact::known(link.target.clone(), around.origin.clone()));
        head.account.merge(around.account.clone());
    } else if let (true, Some((_, address))) = (head.address.is_empty(), link.target.split_once('#')) {
        // The set names it and does not declare it: the address is all that people can know it by.
        head.name.merge(Fact::known(address.into(), around.origin.clone()));
    }
}
