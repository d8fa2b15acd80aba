//! What every resource has in common: a schema that checks are typed against, and facts that can be read by name.

use std::any::Any;
use std::fmt::Debug;
use std::marker::PhantomData;

use xiezhi_fact::{Fact, List, Origin, Reason, State, Text};

use crate::Batch;

/// The shape of a resource or of a record inside one: what checks and reports know about it.
#[derive(Debug)]
pub struct Schema {
    /// The kind, service first: `oss.bucket`; a record inside a resource adds its own word: `oss.bucket.cors-rule`.
    pub kind: &'static str,
    /// What it is, in a sentence.
    pub doc: &'static str,
    /// Where instances of it live.
    pub scope: Scope,
    /// Its fields, in the order of the struct.
    pub fields: &'static [Field],
    /// Adds a resource of this kind of which nothing is known to a batch; empty for a record inside a resource.
    pub blank: &'static [fn(&mut Batch, &Origin)],
}

impl Schema {
    /// The field with that name and its index.
    pub fn field(&self, name: &str) -> Option<(usize, &'static Field)> {
        self.fields.iter().enumerate().find(|(_, field)| field.name == name)
    }

    /// The last word of the kind, as predicates name the subject: `bucket`, `security_group`.
    pub fn short_name(&self) -> String {
        self.kind.rsplit('.').next().unwrap_or(self.kind).replace('-', "_")
    }
}

/// Where instances of a kind live, which decides when a listing of them is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Listed region by region (ECS, VPC, RDS …).
    Regional,
    /// Listed once for the whole account (RAM users, OSS buckets …).
    Global,
    /// Every account has exactly one, declared or not (password policy, Security Center …): silence about it is
    /// unknown, never "not applicable".
    Account,
    /// Part of a resource.
    Inner,
}

/// One field of a schema.
#[derive(Debug)]
pub struct Field {
    /// The name, as predicates and the JSON result write it.
    pub name: &'static str,
    /// Meaning, unit and source.
    pub doc: &'static str,
    /// The type of the value.
    pub ty: Type,
    /// Whether an analysis concludes it, instead of a reader stating it.
    pub derived: bool,
}

/// The type of a field's value.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// True or false.
    Bool,
    /// A whole number; the field's documentation gives the unit.
    Int,
    /// Text: an id, a mode, a time in RFC 3339.
    Text,
    /// A list.
    List(&'static Type),
    /// A record inside the resource.
    Record(fn() -> &'static Schema),
    /// Another resource.
    Link(fn() -> &'static Schema),
}

/// A type that a field may have.
pub trait FieldType: Sized + PartialEq {
    /// The type as checks see it.
    const TYPE: Type;
    /// The value as checks see it.
    fn view(&self) -> Value<'_>;
    /// There may be more of it than was seen: means something for lists only.
    fn reopen(&mut self, _reason: &Reason) {}
}

/// A value as checks see it.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// A list, perhaps with members missing.
    List(ListView<'a>),
    /// A record.
    Record(&'a dyn Record),
    /// A link: the kind of the target and how it is named.
    Link(&'static Schema, &'a Text),
}

/// A list as checks see it.
#[derive(Debug, Clone, Copy)]
pub struct ListView<'a> {
    /// The members that were seen.
    pub items: &'a dyn Items,
    /// Why there may be more; `None` when the list is complete.
    pub more: Option<&'a Reason>,
}

/// The members of a list, whatever their type.
pub trait Items: Debug + Sync {
    /// How many were seen.
    fn count(&self) -> usize;
    /// One of them.
    fn item(&self, index: usize) -> Option<Value<'_>>;
}

impl<T: FieldType + Debug + Sync> Items for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn item(&self, index: usize) -> Option<Value<'_>> {
        self.get(index).map(FieldType::view)
    }
}

/// One fact as checks see it.
#[derive(Debug, Clone)]
pub struct FactView<'a> {
    /// The state; the value is borrowed.
    pub state: State<Value<'a>>,
    /// Where it comes from.
    pub origin: &'a Origin,
}

impl<'a> FactView<'a> {
    /// The view of a fact.
    pub fn of<T: FieldType>(fact: &'a Fact<T>) -> Self {
        let state = match &fact.state {
            State::Known(value) => State::Known(value.view()),
            State::Absent => State::Absent,
            State::Unknown(reason) => State::Unknown(reason.clone()),
        };
        Self { state, origin: &fact.origin }
    }
}

/// A resource, or a record inside one, read field by field.
pub trait Record: Debug + Send + Sync {
    /// The shape.
    fn schema(&self) -> &'static Schema;
    /// The fact at an index of the schema's fields.
    fn fact(&self, index: usize) -> Option<FactView<'_>>;
    /// What a resource says of itself; `None` for a record inside one.
    fn resource_head(&self) -> Option<&Head>;
}

/// What every resource says of itself, whatever its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The provider's id (`i-…`, a bucket's name); unknown before Terraform applies.
    pub id: Fact<Text>,
    /// The name that people gave it, for display.
    pub name: Fact<Text>,
    /// The address in the source: `alicloud_oss_bucket.b`, a ROS logical id; empty for API answers.
    pub address: Text,
    /// The evidence set that the address belongs to (root module, template), as a path; empty for API answers.
    pub set: Text,
    /// The account (UID) that owns it.
    pub account: Fact<Text>,
    /// The region id; `global` for account-wide services.
    pub region: Fact<Text>,
    /// Where the resource itself stands in the evidence.
    pub origin: Origin,
}

impl Head {
    /// A resource of which nothing is known yet, but that it stands at `origin`.
    pub fn new(origin: Origin) -> Self {
        fn nothing<T>(origin: &Origin) -> Fact<T> {
            Fact::unknown(Reason::NotCollected, origin.clone())
        }
        Self {
            id: nothing(&origin),
            name: nothing(&origin),
            address: Text::default(),
            set: Text::default(),
            account: nothing(&origin),
            region: nothing(&origin),
            origin,
        }
    }

    /// Whether the target of a link (an id, or `set#address`) is this resource.
    pub fn is(&self, target: &str) -> bool {
        match target.split_once('#') {
            Some((set, address)) => !address.is_empty() && self.set == set && self.address == address,
            None => self.id.value().is_some_and(|id| id == target),
        }
    }

    /// Takes in what another source says of the same resource.
    pub fn merge(&mut self, other: Head) {
        self.id.merge(other.id);
        self.name.merge(other.name);
        self.account.merge(other.account);
        self.region.merge(other.region);
        if self.address.is_empty() {
            self.address = other.address;
            self.set = other.set;
        }
        if other.origin < self.origin {
            self.origin = other.origin;
        }
    }
}

/// A resource of the inventory.
pub trait Resource: Record + Clone + PartialEq + Any {
    /// The shape.
    const SCHEMA: &'static Schema;
    /// A resource of which every fact is unknown: not collected.
    fn new(head: Head) -> Self;
    /// What it says of itself.
    fn head(&self) -> &Head;
    /// What it says of itself, to change.
    fn head_mut(&mut self) -> &mut Head;
    /// Takes in what another source says of the same resource, fact by fact.
    fn merge(&mut self, other: Self);
    /// Makes unknown what `hint` speaks of and no source states about this resource: something in the evidence
    /// speaks of those facts of *some* resource of this kind, and nobody can tell of which.
    fn doubt(&mut self, hint: &Self, reason: &Reason);
    /// Labels as an inference what `hint` speaks of and only a documented default says of this resource: it rests on
    /// the assumption that what could not be read leaves this resource alone.
    fn presume(&mut self, hint: &Self);
    /// Makes unknown what only a documented default or a silence says, and opens every list: a part of the evidence
    /// set that may speak of this resource could not be read.
    fn distrust(&mut self, reason: &Reason);
}

/// See [`Resource::distrust`].
pub(crate) fn distrust<T: FieldType>(fact: &mut Fact<T>, reason: &Reason) {
    match &mut fact.state {
        State::Known(value) if !fact.origin.is_default() => value.reopen(reason),
        State::Known(_) | State::Absent => *fact = Fact::unknown(reason.clone(), fact.origin.clone()),
        State::Unknown(_) => {}
    }
}

/// A link to another resource, by its id or by `set#address` inside one evidence set.
#[derive(Debug)]
pub struct Link<R> {
    /// The target: an id, or `set#address`.
    pub target: Text,
    kind: PhantomData<fn() -> R>,
}

impl<R> Link<R> {
    /// A link to the resource with that id.
    pub fn id(id: impl Into<Text>) -> Self {
        Self { target: id.into(), kind: PhantomData }
    }

    /// A link to the resource at that address of an evidence set.
    pub fn address(set: &str, address: &str) -> Self {
        Self::id(format!("{set}#{address}"))
    }
}

impl<R> Clone for Link<R> {
    fn clone(&self) -> Self {
        Self::id(self.target.clone())
    }
}

impl<R> PartialEq for Link<R> {
    fn eq(&self, other: &Self) -> bool {
        self.target == other.target
    }
}

impl<R> Eq for Link<R> {}

impl FieldType for bool {
    const TYPE: Type = Type::Bool;
    fn view(&self) -> Value<'_> {
        Value::Bool(*self)
    }
}

impl FieldType for i64 {
    const TYPE: Type = Type::Int;
    fn view(&self) -> Value<'_> {
        Value::Int(*self)
    }
}

impl FieldType for Text {
    const TYPE: Type = Type::Text;
    fn view(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl<T: FieldType + Debug + Sync + 'static> FieldType for List<T> {
    const TYPE: Type = Type::List(&T::TYPE);
    fn view(&self) -> Value<'_> {
        Value::List(ListView { items: &self.items, more: self.more.as_ref() })
    }
    fn reopen(&mut self, reason: &Reason) {
        self.more.get_or_insert_with(|| reason.clone());
    }
}

impl<R: Resource> FieldType for Link<R> {
    const TYPE: Type = Type::Link(|| R::SCHEMA);
    fn view(&self) -> Value<'_> {
        Value::Link(R::SCHEMA, &self.target)
    }
}

/// Declares a record inside a resource: a struct of facts, and its schema for checks.
///
/// Each field is written with the type of its value; the struct holds a [`Fact`] of it. The first line of a
/// field's documentation is what reports show.
macro_rules! record {
    ($(#[doc = $doc:literal])+ $name:ident = $kind:literal { $($fields:tt)* }) => {
        $crate::record::facts! { [$($doc)+] $name = $kind, Inner; [] $($fields)* }

        impl $crate::FieldType for $name {
            const TYPE: $crate::Type = $crate::Type::Record(|| $name::SCHEMA);
            fn view(&self) -> $crate::Value<'_> {
                $crate::Value::Record(self)
            }
        }
    };
}

/// Declares a resource: a struct of a [`Head`] and facts, and its schema for checks. See `record!`.
///
/// `derived` before a field marks what an analysis concludes.
macro_rules! resource {
    ($(#[doc = $doc:literal])+ $name:ident = $kind:literal, $scope:ident { $($fields:tt)* }) => {
        $crate::record::facts! { [$($doc)+] $name = $kind, $scope; [head] $($fields)* }

        impl $crate::Resource for $name {
            const SCHEMA: &'static $crate::Schema = $name::SCHEMA;
            fn new(head: $crate::Head) -> Self {
                let origin = head.origin.clone();
                Self::unknown(head, &origin)
            }
            fn head(&self) -> &$crate::Head {
                &self.head
            }
            fn head_mut(&mut self) -> &mut $crate::Head {
                &mut self.head
            }
            fn merge(&mut self, other: Self) {
                self.merge_facts(other);
            }
            fn doubt(&mut self, hint: &Self, reason: &$crate::Reason) {
                self.doubt_facts(hint, reason);
            }
            fn presume(&mut self, hint: &Self) {
                self.presume_facts(hint);
            }
            fn distrust(&mut self, reason: &$crate::Reason) {
                self.distrust_facts(reason);
            }
        }
    };
}

/// The common part of `record!` and `resource!`.
macro_rules! facts {
    ([$($doc:literal)+] $name:ident = $kind:literal, $scope:ident; [$($head:ident)?]
     $($(#[doc = $field_doc:literal])+ $([$derived:ident])? $field:ident: $ty:ty,)*) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $(
                /// What the resource says of itself: id, name, address, account, region.
                pub $head: $crate::Head,
            )?
            $($(#[doc = $field_doc])+ pub $field: $crate::Fact<$ty>,)*
        }

        impl $name {
            /// The shape, as checks see it.
            pub const SCHEMA: &'static $crate::Schema = {
                static SCHEMA: $crate::Schema = $crate::Schema {
                    kind: $kind,
                    doc: concat!($($doc, "\n"),+),
                    scope: $crate::Scope::$scope,
                    fields: &[$($crate::Field {
                        name: stringify!($field),
                        doc: concat!($($field_doc, "\n"),+),
                        ty: <$ty as $crate::FieldType>::TYPE,
                        derived: $crate::record::is_derived!($($derived)?),
                    }),*],
                    blank: &[$(|batch, origin| {
                        let $head = $crate::Head::new(origin.clone());
                        batch.add(&$crate::Key::id("blank"), $name::unknown($head, origin));
                    })?],
                };
                &SCHEMA
            };

            /// One of which every fact is unknown: not collected.
            pub fn unknown($($head: $crate::Head,)? origin: &$crate::Origin) -> Self {
                Self {
                    $($head,)?
                    $($field: $crate::Fact::unknown($crate::Reason::NotCollected, origin.clone()),)*
                }
            }

            /// Takes in what another source says, fact by fact.
            pub fn merge_facts(&mut self, other: Self) {
                $(self.$head.merge(other.$head);)?
                $(self.$field.merge(other.$field);)*
            }

            /// Makes unknown the facts that `hint` speaks of and no source states here.
            pub fn doubt_facts(&mut self, hint: &Self, reason: &$crate::Reason) {
                $(self.$field.doubt(&hint.$field, reason);)*
            }

            /// Labels as an inference the defaults that `hint` speaks of.
            pub fn presume_facts(&mut self, hint: &Self) {
                $(self.$field.presume(&hint.$field);)*
            }

            /// Makes unknown what only a documented default or a silence says, and opens every list.
            pub fn distrust_facts(&mut self, reason: &$crate::Reason) {
                $($crate::record::distrust(&mut self.$field, reason);)*
            }
        }

        impl $crate::Record for $name {
            fn schema(&self) -> &'static $crate::Schema {
                Self::SCHEMA
            }

            fn fact(&self, index: usize) -> Option<$crate::FactView<'_>> {
                let mut at = 0_usize;
                $(
                    if index == at {
                        return Some($crate::FactView::of(&self.$field));
                    }
                    at = at.saturating_add(1);
                )*
                let _ = at;
                None
            }

            fn resource_head(&self) -> Option<&$crate::Head> {
                let head: &[&$crate::Head] = &[$(&self.$head)?];
                head.first().copied()
            }
        }
    };
}

macro_rules! is_derived {
    () => {
        false
    };
    (derived) => {
        true
    };
}

pub(crate) use {facts, is_derived, record, resource};
