//! The credential report of IMS: one CSV for the account, root included. Source: IMS, "GetCredentialReport" and the
//! description of the report's columns.

use std::borrow::Cow;

use xiezhi_model::service::account::Account;
use xiezhi_model::service::ram::{AccessKey, User};
use xiezhi_model::{Fact, Key, Link, List, Origin, ProblemKind, Reason, State, Text};

use super::ram::{never, short_name};
use crate::fields::Fields;
use crate::secret::unbase64;
use crate::sink::Sink;

/// How many keys the report tells of; the further ones stand in columns of their own, `additional_access_key_n`.
const KEYS: [&str; 5] =
    ["access_key_1", "access_key_2", "additional_access_key_1", "additional_access_key_2", "additional_access_key_3"];

/// Reads the answer: `Content` is the CSV in base64.
pub(super) fn read(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let Some(content) = f.plain("Content") else {
        not_told(f, sink);
        return;
    };
    let packed: String = content.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let decoded = if content.contains(',') {
        Some(Cow::Borrowed(content))
    } else {
        unbase64(packed.as_bytes()).and_then(|bytes| String::from_utf8(bytes).ok()).map(Cow::Owned)
    };
    let origin = f.origin();
    let Some(text) = decoded else {
        let detail = "the content of the credential report is neither CSV nor base64 of CSV";
        sink.batch.problem(&origin.source.name, origin.line, ProblemKind::Unexpected, detail);
        return;
    };
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).map(split);
    let Some(columns) = lines.next() else { return };
    for cells in lines {
        let row = Row { columns: &columns, cells, origin: origin.clone() };
        match row.cell("user") {
            Some("<root>") => root(&row, f, sink),
            Some(name) => user(&row, &short_name(name), sink),
            None => {}
        }
    }
}

/// Says what the report would have told: of root, and of every user.
fn not_told(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let Some(reason) = f.text("Content").reason().cloned() else { return };
    sink.one(f, |account: &mut Account| {
        account.root_mfa = f.unknown(reason.clone());
        account.root_last_login = f.unknown(reason.clone());
    });
    let every: Fact<Link<User>> = f.unknown(reason.clone());
    sink.on(&every, |user: &mut User| {
        user.created = f.unknown(reason.clone());
        user.last_login = f.unknown(reason.clone());
        user.console_login = f.unknown(reason.clone());
        user.mfa_device = f.unknown(reason.clone());
        user.access_keys = f.unknown(reason.clone());
    });
}

struct Row<'t> {
    columns: &'t [Cow<'t, str>],
    cells: Vec<Cow<'t, str>>,
    origin: Origin,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|name| name.trim().trim_start_matches('\u{feff}') == column)?;
        self.cells.get(at).map(|cell| cell.trim())
    }

    fn text(&self, column: &str) -> Fact<Text> {
        match self.cell(column) {
            None => Fact::unknown(Reason::NotInEvidence, self.origin.clone()),
            Some("") => Fact::absent(self.origin.clone()),
            Some(cell) => never(Fact::known(cell.into(), self.origin.clone())),
        }
    }

    /// `TRUE` or `FALSE`; a dash means that the question does not arise, which is a no.
    fn flag(&self, column: &str) -> Fact<bool> {
        let fact = self.text(column);
        if fact.is_absent() {
            return Fact::known(false, self.origin.clone());
        }
        fact.try_map(|word| match word.to_ascii_uppercase().as_str() {
            "TRUE" => Ok(true),
            "FALSE" => Ok(false),
            _ => Err(Reason::not_understood(format!("the word `{word}` in column `{column}`"))),
        })
    }

    fn keys(&self) -> Fact<List<AccessKey>> {
        let mut list = List::complete(vec![]);
        for key in KEYS {
            match self.flag(&format!("{key}_exist")).state {
                State::Known(true) => list.items.push(AccessKey {
                    id: Fact::unknown(Reason::NotInEvidence, self.origin.clone()),
                    active: self.flag(&format!("{key}_active")),
                    created: self.text(&format!("{key}_last_rotated")),
                    last_used: self.text(&format!("{key}_last_used")),
                }),
                State::Known(false) | State::Absent => {}
                State::Unknown(_) if key.starts_with("additional") => {}
                State::Unknown(reason) => list.more = Some(reason),
            }
        }
        Fact::known(list, self.origin.clone())
    }
}

fn root(row: &Row<'_>, f: &Fields<'_>, sink: &mut Sink<'_>) {
    let keys = row.keys();
    let active = keys.try_map(|keys| {
        let mut count = 0_i64;
        for key in &keys.items {
            match &key.active.state {
                State::Known(true) => count = count.saturating_add(1),
                State::Known(false) | State::Absent => {}
                State::Unknown(reason) => return Err(reason.clone()),
            }
        }
        keys.more.map_or(Ok(count), Err)
    });
    sink.one(f, |account: &mut Account| {
        account.root_mfa = row.flag("mfa_active");
        account.root_last_login = row.text("user_last_logon");
    });
    // The report says which keys are active; the count of the security practice report, of all keys, gives way to it.
    if active.value().is_some() {
        sink.batch.later(move |batch| {
            batch.for_each::<Account>(|account| account.root_access_keys = active.clone());
        });
    }
}

fn user(row: &Row<'_>, name: &Text, sink: &mut Sink<'_>) {
    let target = Fact::known(Link::id(name.clone()), row.origin.clone());
    sink.on(&target, |user: &mut User| {
        user.head.name = Fact::known(name.clone(), row.origin.clone());
        user.created = row.text("user_creation_time");
        user.last_login = row.text("user_last_logon");
        let (exists, active) = (row.flag("password_exist"), row.flag("password_active"));
        user.console_login = match (exists.value(), active.reason()) {
            (Some(false), _) => exists,
            // Reports of accounts whose users log on otherwise leave the second column out.
            (Some(true), Some(reason)) if reason.is_silence() => exists,
            _ => active,
        };
        user.mfa_device = row.flag("mfa_active");
    });
    let (keys, key, origin) = (row.keys(), Key::id(name.clone()), row.origin.clone());
    sink.batch.later(move |batch| batch.edit::<User>(&key, &origin, |user| join_keys(user, keys)));
}

/// ListAccessKeys names the keys, the report says when each was used: they are joined by the time they were made.
fn join_keys(user: &mut User, report: Fact<List<AccessKey>>) {
    if user.access_keys.reason().is_some_and(Reason::is_silence) {
        user.access_keys = report;
        return;
    }
    let (State::Known(listed), State::Known(report)) = (&mut user.access_keys.state, report.state) else { return };
    for key in &mut listed.items {
        let mut same =
            report.items.iter().filter(|other| key.created.value().is_some() && other.created == key.created);
        if let (Some(found), None) = (same.next(), same.next()) {
            key.last_used.merge(found.last_used.clone());
        }
    }
}

/// The cells of a line. A cell in double quotes may hold commas; two quotes in it stand for one.
fn split(line: &str) -> Vec<Cow<'_, str>> {
    if !line.contains('"') {
        return line.split(',').map(Cow::Borrowed).collect();
    }
    let (mut cells, mut cell, mut quoted) = (vec![], String::new(), false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(Cow::Owned(std::mem::take(&mut cell))),
            c => cell.push(c),
        }
    }
    cells.push(Cow::Owned(cell));
    cells
}
