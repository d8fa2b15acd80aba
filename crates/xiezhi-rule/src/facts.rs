//! Facts written by hand: the examples of checks.

mod read;

use std::sync::Arc;

use xiezhi_model::{
    FactView, Head, Items, Label, ListView, Origin, Reason, Record, Schema, Source, SourceKind, State, Text, Value,
};

use crate::error::Fault;
use crate::world::Coverage;

/// A resource or record of an example.
#[derive(Debug, Clone)]
pub(crate) struct FactsRecord {
    schema: &'static Schema,
    head: Option<Head>,
    facts: Vec<(State<FactsValue>, Origin)>,
}

/// A value of an example.
#[derive(Debug, Clone)]
pub(crate) enum FactsValue {
    Bool(bool),
    Int(i64),
    Text(Text),
    List(FactsList, Option<Reason>),
    Record(Box<FactsRecord>),
    Link(&'static Schema, Text),
}

#[derive(Debug, Clone)]
pub(crate) struct FactsList(Vec<FactsValue>);

impl Items for FactsList {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn item(&self, index: usize) -> Option<Value<'_>> {
        self.0.get(index).map(FactsValue::view)
    }
}

impl FactsValue {
    fn view(&self) -> Value<'_> {
        match self {
            FactsValue::Bool(b) => Value::Bool(*b),
            FactsValue::Int(n) => Value::Int(*n),
            FactsValue::Text(text) => Value::Text(text),
            FactsValue::List(items, more) => Value::List(ListView { items, more: more.as_ref() }),
            FactsValue::Record(record) => Value::Record(record.as_ref()),
            FactsValue::Link(schema, target) => Value::Link(schema, target),
        }
    }
}

impl FactsRecord {
    fn unknown(schema: &'static Schema, origin: &Origin) -> Self {
        let facts = schema.fields.iter().map(|_| (State::Unknown(Reason::NotCollected), origin.clone())).collect();
        Self { schema, head: None, facts }
    }

    fn resource(schema: &'static Schema, id: Option<&str>, origin: &Origin) -> Self {
        let mut head = Head::new(origin.clone());
        if let Some(id) = id {
            head.id = xiezhi_model::Fact::known(id.into(), origin.clone());
        }
        Self { head: Some(head), ..Self::unknown(schema, origin) }
    }
}

impl Record for FactsRecord {
    fn schema(&self) -> &'static Schema {
        self.schema
    }

    fn fact(&self, index: usize) -> Option<FactView<'_>> {
        let (state, origin) = self.facts.get(index)?;
        let state = match state {
            State::Known(value) => State::Known(value.view()),
            State::Absent => State::Absent,
            State::Unknown(reason) => State::Unknown(reason.clone()),
        };
        Some(FactView { state, origin })
    }

    fn resource_head(&self) -> Option<&Head> {
        self.head.as_ref()
    }
}

/// The few resources of an example, as its text states them:
///
/// ```text
/// as_of = "2026-01-01T00:00:00Z"                         # the time that ages are counted to
/// bucket.acl = "private"
/// bucket.policy = absent
/// bucket.versioning = unknown(refused, "oss:GetBucketVersioning")
/// bucket.cors_rules = [{allowed_origins: ["*"]}, more(throttled, "oss:GetBucketCors")]
/// bucket.account.oss_block_public_access = true
/// other("ecs.vpc", "vpc-1").cidr = "10.0.0.0/8"          # another resource; a link by its id leads to it
/// listing("ecs.vpc") = complete                          # or unknown(…); else not collected
/// ```
///
/// What is not mentioned is unknown: not collected.
#[derive(Debug)]
pub struct Facts {
    subject: (&'static Schema, usize),
    tables: Vec<(&'static Schema, Vec<FactsRecord>)>,
    coverage: Vec<(&'static str, Coverage)>,
    not_listed: Coverage,
    pub(crate) as_of: Option<i64>,
}

impl Facts {
    /// Reads the facts of an example about a resource of a kind. `line` is the line of the file that they start on.
    pub(crate) fn read(
        text: &str,
        kinds: &[&'static Schema],
        subject: &'static Schema,
        path: &str,
        line: u32,
    ) -> Result<Self, Fault> {
        let source = Arc::new(Source::new(SourceKind::Attestation, path));
        let origin = Origin::new(source, line, Label::UserProvided);
        let not_listed = Coverage::new(vec![Reason::NotCollected], origin.clone());
        let mut facts = Self {
            subject: (subject, 0),
            tables: vec![(subject, vec![FactsRecord::resource(subject, None, &origin)])],
            coverage: Vec::new(),
            not_listed,
            as_of: None,
        };
        read::Reader::new(text, kinds, origin)?.all(&mut facts)?;
        Ok(facts)
    }

    /// What a check of the example is evaluated over.
    pub fn context(&self) -> crate::Context<'_> {
        crate::Context::of_facts(self)
    }

    /// The resource that the example is about.
    pub fn subject(&self) -> Option<&dyn Record> {
        let (schema, at) = self.subject;
        self.rows(schema).get(at).map(|row| row as &dyn Record)
    }

    pub(crate) fn rows(&self, schema: &'static Schema) -> &[FactsRecord] {
        self.tables.iter().find(|(kind, _)| kind.kind == schema.kind).map_or(&[], |(_, rows)| rows)
    }

    pub(crate) fn find(&self, schema: &'static Schema, id: &str) -> Option<&dyn Record> {
        let is = |row: &&FactsRecord| row.head.as_ref().and_then(|head| head.id.value()).is_some_and(|own| own == id);
        self.rows(schema).iter().find(is).map(|row| row as &dyn Record)
    }

    pub(crate) fn account(&self) -> Option<&dyn Record> {
        let (_, rows) = self.tables.iter().find(|(kind, _)| kind.kind == "account")?;
        rows.first().map(|row| row as &dyn Record)
    }

    pub(crate) fn coverage(&self, schema: &'static Schema) -> &Coverage {
        self.coverage.iter().find(|(kind, _)| *kind == schema.kind).map_or(&self.not_listed, |(_, coverage)| coverage)
    }

    /// The resource of a kind with an id (the first without, when none is given), made when there is none.
    fn resource(&mut self, schema: &'static Schema, id: Option<&str>, origin: &Origin) -> Option<&mut FactsRecord> {
        let table = match self.tables.iter().position(|(kind, _)| kind.kind == schema.kind) {
            Some(at) => at,
            None => {
                self.tables.push((schema, Vec::new()));
                self.tables.len().saturating_sub(1)
            }
        };
        let (_, rows) = self.tables.get_mut(table)?;
        let own = |row: &FactsRecord| row.head.as_ref().and_then(|head| head.id.value()).map(Text::as_str) == id;
        let at = match id {
            None if !rows.is_empty() => 0,
            _ => match rows.iter().position(own) {
                Some(at) => at,
                None => {
                    rows.push(FactsRecord::resource(schema, id, origin));
                    rows.len().saturating_sub(1)
                }
            },
        };
        rows.get_mut(at)
    }
}
