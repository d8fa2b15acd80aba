//! Reads facts: statements of `place = value`, typed against the model.

use std::collections::BTreeSet;

use xiezhi_model::{Fact, Head, Origin, Reason, Schema, Scope, State, Text, Type};

use super::{Facts, FactsList, FactsRecord, FactsValue};
use crate::error::{Fault, Span, nearest};
use crate::lang::lex::{Lexed, Token, lex};
use crate::unix_seconds;
use crate::world::Coverage;

/// Deepest nesting of a value.
const MAX_DEPTH: usize = 32;

pub(super) struct Reader<'r> {
    text: &'r str,
    kinds: &'r [&'static Schema],
    origin: Origin,
    tokens: Vec<Lexed>,
    at: usize,
    /// What was stated so far: kind, id and field.
    stated: BTreeSet<(&'static str, Option<String>, String)>,
}

/// What a statement speaks of.
enum Place {
    Field(usize, &'static Type),
    Id,
    Name,
    Region,
}

impl<'r> Reader<'r> {
    pub(super) fn new(text: &'r str, kinds: &'r [&'static Schema], origin: Origin) -> Result<Self, Fault> {
        Ok(Self { text, kinds, origin, tokens: lex(text, true)?, at: 0, stated: BTreeSet::new() })
    }

    fn peek(&self) -> Token {
        self.tokens.get(self.at).map_or(Token::End, |lexed| lexed.token.clone())
    }

    fn span(&self) -> Span {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(Span::default(), |lexed| lexed.span)
    }

    fn next(&mut self) -> (Token, Span) {
        let next = (self.peek(), self.span());
        self.at = self.at.saturating_add(1);
        next
    }

    fn accept(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(s) if s == sign);
        if found {
            self.at = self.at.saturating_add(1);
        }
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), Fault> {
        if self.accept(sign) {
            return Ok(());
        }
        Err(Fault::new(self.span(), format!("`{sign}` is expected here, not {}", self.peek().shown())))
    }

    fn quoted(&mut self, what: &str) -> Result<(String, Span), Fault> {
        match self.next() {
            (Token::Text(text), span) => Ok((text, span)),
            (other, span) => Err(Fault::new(span, format!("{what} is expected here in quotes, not {}", other.shown()))),
        }
    }

    fn name(&mut self, what: &str) -> Result<(String, Span), Fault> {
        match self.next() {
            (Token::Name(name), span) => Ok((name, span)),
            (other, span) => Err(Fault::new(span, format!("{what} is expected here, not {}", other.shown()))),
        }
    }

    fn kind(&mut self) -> Result<&'static Schema, Fault> {
        let (kind, span) = self.quoted("a kind")?;
        let kinds = || self.kinds.iter().copied().filter(|schema| schema.scope != Scope::Inner);
        kinds().find(|schema| schema.kind == kind).ok_or_else(|| {
            Fault::new(span, format!("there is no kind `{kind}`")).near(&kind, kinds().map(|schema| schema.kind))
        })
    }

    /// The origin of a fact: the line of the file that it stands on.
    fn here(&self, span: Span) -> Origin {
        let before = self.text.get(..span.start).unwrap_or_default().bytes().filter(|b| *b == b'\n').count();
        self.origin.at(self.origin.line.saturating_add(u32::try_from(before).unwrap_or(u32::MAX)))
    }

    pub(super) fn all(mut self, facts: &mut Facts) -> Result<(), Fault> {
        while self.peek() != Token::End {
            self.statement(facts)?;
        }
        Ok(())
    }

    fn statement(&mut self, facts: &mut Facts) -> Result<(), Fault> {
        let subject = facts.subject.0;
        let own = subject.short_name();
        let (name, begin) = self.name(&format!("a fact such as `{own}.… = …`"))?;
        let here = self.here(begin);
        let (mut schema, mut id) = (subject, None);
        match name.as_str() {
            "as_of" => return self.time(facts),
            "listing" => return self.listing(facts, here),
            "other" => {
                self.expect("(")?;
                schema = self.kind()?;
                self.expect(",")?;
                id = Some(self.quoted("an id")?.0);
                self.expect(")")?;
            }
            _ if name == own => {}
            _ => {
                let fault = Fault::new(begin, format!("nothing is called `{name}` here"));
                return Err(match nearest(&name, [own.as_str(), "other", "listing", "as_of"]) {
                    Some(near) => fault.help(format!("did you mean `{near}`?")),
                    None => {
                        fault.help(format!("facts are about `{own}`, `{own}.account` or `other(\"kind\", \"id\")`"))
                    }
                });
            }
        }
        if id.is_some() && self.peek() != Token::Sign(".") {
            // The resource exists, and nothing is known of it.
            facts.resource(schema, id.as_deref(), &here);
            return Ok(());
        }
        self.expect(".")?;
        let (mut field, mut span) = self.name("a field")?;
        if field == "account" && schema.field("account").is_none() && self.accept(".") {
            schema = self
                .kinds
                .iter()
                .find(|kind| kind.kind == "account")
                .copied()
                .ok_or_else(|| Fault::new(span, "there is no kind `account`"))?;
            id = None;
            (field, span) = self.name("a field of the account")?;
        }
        let place = place(schema, &field, span)?;
        let own = (schema.kind, id.clone(), field.clone());
        if self.stated.contains(&own) {
            let place = self.text.get(begin.start..span.end).unwrap_or_default();
            return Err(Fault::new(begin.to(span), format!("`{place}` is stated twice")).help("keep one of them"));
        }
        self.stated.insert(own);
        self.expect("=")?;
        let ty = if let Place::Field(_, ty) = place { ty } else { &Type::Text };
        let state = self.state(ty, &here)?;
        let Some(record) = facts.resource(schema, id.as_deref(), &here) else { return Ok(()) };
        if let Place::Field(index, _) = place {
            if let Some(fact) = record.facts.get_mut(index) {
                *fact = (state, here);
            }
            return Ok(());
        }
        let text = match state {
            State::Known(FactsValue::Text(text)) => Fact::known(text, here),
            State::Unknown(reason) => Fact::unknown(reason, here),
            State::Known(_) | State::Absent => Fact::absent(here),
        };
        if let Some(head) = record.head.as_mut() {
            set_head(head, &place, text);
        }
        Ok(())
    }

    fn time(&mut self, facts: &mut Facts) -> Result<(), Fault> {
        self.expect("=")?;
        let (text, span) = self.quoted("a time")?;
        facts.as_of = Some(unix_seconds(&text).ok_or_else(|| {
            Fault::new(span, format!("`{text}` is no time in RFC 3339")).help("write it as `2026-01-31T00:00:00Z`")
        })?);
        Ok(())
    }

    fn listing(&mut self, facts: &mut Facts, here: Origin) -> Result<(), Fault> {
        self.expect("(")?;
        let schema = self.kind()?;
        self.expect(")")?;
        self.expect("=")?;
        let gaps = match self.next() {
            (Token::Name(name), _) if name == "complete" => Vec::new(),
            (Token::Name(name), _) if name == "unknown" => vec![self.reason()?],
            (other, span) => {
                let message = format!("`complete` or `unknown(…)` is expected here, not {}", other.shown());
                return Err(Fault::new(span, message));
            }
        };
        facts.coverage.retain(|(kind, _)| *kind != schema.kind);
        facts.coverage.push((schema.kind, Coverage::new(gaps, here)));
        Ok(())
    }

    /// `absent`, `unknown(…)` or a value.
    fn state(&mut self, ty: &'static Type, here: &Origin) -> Result<State<FactsValue>, Fault> {
        if let Token::Name(name) = self.peek() {
            if name == "absent" {
                self.next();
                return Ok(State::Absent);
            }
            if name == "unknown" {
                self.next();
                return Ok(State::Unknown(self.reason()?));
            }
        }
        self.value(ty, here, 0).map(State::Known)
    }

    /// `(code)`, `(code, "detail")`, `(refused, "call", "action")`, or nothing for "not collected".
    fn reason(&mut self) -> Result<Reason, Fault> {
        if !self.accept("(") {
            return Ok(Reason::NotCollected);
        }
        let (mut code, span) = self.name("a reason")?;
        while self.accept("-") {
            code.push('-');
            code.push_str(&self.name("the rest of the reason")?.0);
        }
        let mut details = Vec::new();
        while self.accept(",") {
            details.push(self.quoted("what the reason is about")?.0);
        }
        self.expect(")")?;
        let detail = |what: &str| {
            details.first().map(String::as_str).ok_or_else(|| {
                Fault::new(span, format!("`{code}` needs {what}")).help(format!("write `unknown({code}, \"…\")`"))
            })
        };
        Ok(match code.as_str() {
            "not-collected" => Reason::NotCollected,
            "not-in-this-evidence" => Reason::NotInEvidence,
            "not-asked" => Reason::NotAsked(detail("the region or account")?.into()),
            "refused" => Reason::refused(detail("the call")?, details.get(1).map(String::as_str)),
            "throttled" => Reason::Throttled(detail("the call")?.into()),
            "redacted" => Reason::Redacted,
            "unresolved" => Reason::unresolved(detail("the expression")?),
            "unreadable" => Reason::unreadable(detail("what it is")?),
            "not-understood" => Reason::not_understood(detail("what it is")?),
            _ => {
                const CODES: &[&str] = &[
                    "not-collected",
                    "not-in-this-evidence",
                    "not-asked",
                    "refused",
                    "throttled",
                    "redacted",
                    "unresolved",
                    "unreadable",
                    "not-understood",
                ];
                let fault = Fault::new(span, format!("there is no reason `{code}`"));
                return Err(match nearest(&code, CODES.iter().copied()) {
                    Some(near) => fault.help(format!("did you mean `{near}`?")),
                    None => fault.help(format!("known are: {}", CODES.join(", "))),
                });
            }
        })
    }

    fn value(&mut self, ty: &'static Type, here: &Origin, depth: usize) -> Result<FactsValue, Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault::new(self.span(), format!("nested deeper than {MAX_DEPTH}")));
        }
        let negative = self.accept("-");
        let (token, span) = self.next();
        if negative {
            return match (ty, token) {
                (Type::Int, Token::Int(n)) => Ok(FactsValue::Int(n.saturating_neg())),
                _ => Err(Fault::new(span, "a whole number is expected after `-`")),
            };
        }
        let wanted = match (ty, &token) {
            (Type::Bool, Token::Name(name)) if name == "true" || name == "false" => {
                return Ok(FactsValue::Bool(name == "true"));
            }
            (Type::Int, Token::Int(n)) => return Ok(FactsValue::Int(*n)),
            (Type::Text, Token::Text(text)) => return Ok(FactsValue::Text(text.into())),
            (Type::Link(schema), Token::Text(target)) => return Ok(FactsValue::Link(schema(), target.into())),
            (Type::List(inner), Token::Sign("[")) => return self.list(inner, here, depth),
            (Type::Record(schema), Token::Sign("{")) => return self.record(schema(), here, depth),
            (Type::Bool, _) => "`true` or `false`".to_owned(),
            (Type::Int, _) => "a whole number".to_owned(),
            (Type::Text, _) => "text in quotes".to_owned(),
            (Type::Link(schema), _) => format!("the id of a `{}` in quotes", schema().kind),
            (Type::List(_), _) => "a list `[…]`".to_owned(),
            (Type::Record(schema), _) => format!("a record `{{…}}` of `{}`", schema().kind),
        };
        Err(Fault::new(span, format!("{wanted} is expected here, not {}", token.shown()))
            .help("`absent` and `unknown(…)` stand where a whole fact stands"))
    }

    fn list(&mut self, inner: &'static Type, here: &Origin, depth: usize) -> Result<FactsValue, Fault> {
        let (mut items, mut more) = (Vec::new(), None);
        while !self.accept("]") {
            if self.peek() == Token::Name("more".into()) {
                self.next();
                more = Some(self.reason()?);
                self.accept(",");
                self.expect("]")?;
                break;
            }
            items.push(self.value(inner, here, depth.saturating_add(1))?);
            if !self.accept(",") {
                self.expect("]")?;
                break;
            }
        }
        Ok(FactsValue::List(FactsList(items), more))
    }

    fn record(&mut self, schema: &'static Schema, here: &Origin, depth: usize) -> Result<FactsValue, Fault> {
        let mut record = FactsRecord::unknown(schema, here);
        while !self.accept("}") {
            let (name, span) = match self.next() {
                (Token::Name(name) | Token::Text(name), span) => (name, span),
                (other, span) => {
                    return Err(Fault::new(span, format!("a field is expected here, not {}", other.shown())));
                }
            };
            let Place::Field(index, ty) = place(schema, &name, span)? else {
                return Err(Fault::new(span, format!("`{}` has no field `{name}`", schema.kind)));
            };
            self.expect(":")?;
            let state = match self.peek() {
                Token::Name(word) if word == "absent" || word == "unknown" => self.state(ty, here)?,
                _ => State::Known(self.value(ty, here, depth.saturating_add(1))?),
            };
            if let Some(fact) = record.facts.get_mut(index) {
                *fact = (state, self.here(span));
            }
            if !self.accept(",") {
                self.expect("}")?;
                break;
            }
        }
        Ok(FactsValue::Record(Box::new(record)))
    }
}

fn place(schema: &'static Schema, name: &str, span: Span) -> Result<Place, Fault> {
    if let Some((index, field)) = schema.field(name) {
        return Ok(Place::Field(index, &field.ty));
    }
    match name {
        "id" if schema.scope != Scope::Inner => Ok(Place::Id),
        "name" if schema.scope != Scope::Inner => Ok(Place::Name),
        "region" if schema.scope != Scope::Inner => Ok(Place::Region),
        _ => {
            let fields: Vec<&str> = schema.fields.iter().map(|field| field.name).collect();
            let fault = Fault::new(span, format!("`{}` has no field `{name}`", schema.kind));
            Err(match nearest(name, fields.iter().copied()) {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => fault.help(format!("it has: {}", fields.join(", "))),
            })
        }
    }
}

fn set_head(head: &mut Head, place: &Place, text: Fact<Text>) {
    match place {
        Place::Id => head.id = text,
        Place::Name => head.name = text,
        Place::Region => head.region = text,
        Place::Field(..) => {}
    }
}
