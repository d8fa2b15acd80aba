//! Lists: the resources of a kind, quantifiers, membership.

use std::rc::Rc;

use xiezhi_model::{Reason, Schema};

use super::tally::Tally;
use super::{Eval, Frame};
use crate::lang::mode::{Mode, resource_name};
use crate::lang::node::{Node, Over};
use crate::lang::value::{Members, Out, Seen, Val, row};
use crate::world::same_account;

impl<'a, M: Mode> Eval<'a, M> {
    /// Every resource of a kind that belongs to the subject's account.
    pub(super) fn each(&self, schema: &'static Schema) -> Out<'a, M> {
        let rows = self.context.rows(schema);
        let (listing, complete) = self.listing(schema, self.subject);
        let (closed, mut more) = if complete { (listing, None) } else { (M::nothing(), Some(listing)) };
        let seen = if self.context.mixed() {
            let mut own = Vec::new();
            for record in (0..rows.count()).filter_map(|index| rows.get(index)) {
                let out = row::<M>(record);
                match same_account(self.subject, record.resource_head()) {
                    Some(true) => own.push(out),
                    Some(false) => {}
                    None => {
                        let path = || format!("{}.account", resource_name(record, record.resource_head()));
                        let rests = M::reason(path, || Reason::not_understood("to which account it belongs"));
                        more = Some(more.map_or(rests.clone(), |more| more.and(&rests)));
                    }
                }
            }
            Seen::Built(Rc::new(own))
        } else {
            Seen::Rows(rows)
        };
        Out::new(Val::List(Members { seen, closed, more }), M::nothing())
    }

    pub(super) fn over(&self, over: Over, list: Out<'a, M>, body: &'a Node, frame: &Frame<'_, 'a, M>) -> Out<'a, M> {
        let members = match list.value {
            Val::List(members) => members,
            // Without a list there are no members.
            Val::Absent => match over {
                Over::All => return Out::bool(true, list.rests),
                Over::Exists | Over::ExistsOne => return Out::bool(false, list.rests),
                Over::Filter | Over::Map => return Out::new(Val::Absent, list.rests),
            },
            _ => return Out::unknown(list.rests),
        };
        // That a member is in the list may rest on facts of its own: those of the filter that kept it.
        let ask = |member: Out<'a, M>| {
            let own = member.rests.clone();
            let mut out = self.eval(body, &Frame { up: Some(frame), out: member });
            if !out.is_unknown() {
                out.rests.add(&own);
            }
            out
        };
        let all = (0..members.count()).map_while(|index| members.member(index));
        match over {
            Over::All | Over::Exists => {
                let mut tally = Tally::new(over == Over::Exists);
                for member in all {
                    let out = ask(member);
                    tally.take(out.truth(), out.rests);
                    if tally.settled() || self.steps.get() == 0 {
                        break;
                    }
                }
                if self.steps.get() == 0 {
                    tally.take(None, M::reason(|| "the predicate".into(), || Reason::not_understood("budget")));
                }
                if let Some(more) = &members.more {
                    tally.take(None, more.clone());
                }
                let undecided = tally.decided.is_none();
                let mut out = tally.answer();
                if !out.is_unknown() {
                    out.rests.add(&list.rests);
                    if undecided {
                        out.rests.add(&members.closed);
                    }
                }
                out
            }
            Over::ExistsOne => self.exactly_one(&members, &list.rests, ask),
            Over::Map => {
                let seen = Seen::Built(Rc::new(all.map(ask).collect()));
                let members = Members { seen, closed: members.closed.clone(), more: members.more.clone() };
                Out::new(Val::List(members), list.rests)
            }
            Over::Filter => {
                let (mut closed, mut more, mut kept) = (members.closed.clone(), members.more.clone(), Vec::new());
                for member in all {
                    let asked = ask(member.clone());
                    match asked.truth() {
                        Some(true) => kept.push(Out::new(member.value, asked.rests)),
                        Some(false) => closed.add(&asked.rests),
                        None => more = Some(more.map_or(asked.rests.clone(), |more| more.and(&asked.rests))),
                    }
                }
                Out::new(Val::List(Members { seen: Seen::Built(Rc::new(kept)), closed, more }), list.rests)
            }
        }
    }

    fn exactly_one(&self, members: &Members<'a, M>, list: &M, ask: impl Fn(Out<'a, M>) -> Out<'a, M>) -> Out<'a, M> {
        let (mut found, mut rests, mut unknown) = (0_usize, list.clone(), members.more.clone());
        let mut witnesses = list.clone();
        for member in (0..members.count()).map_while(|index| members.member(index)) {
            let out = ask(member);
            match out.truth() {
                Some(true) => {
                    found = found.saturating_add(1);
                    witnesses.add(&out.rests);
                    if found > 1 {
                        return Out::bool(false, witnesses);
                    }
                    rests.add(&out.rests);
                }
                Some(false) => rests.add(&out.rests),
                None => unknown = Some(unknown.map_or(out.rests.clone(), |unknown| unknown.and(&out.rests))),
            }
        }
        match unknown {
            Some(unknown) => Out::unknown(unknown),
            None => Out::bool(found == 1, rests.and(&members.closed)),
        }
    }

    pub(super) fn membership(&self, member: Out<'a, M>, list: Out<'a, M>) -> Out<'a, M> {
        if matches!(member.value, Val::Absent) {
            return Out::bool(false, member.rests);
        }
        let members = match list.value {
            Val::List(members) => members,
            Val::Absent => return Out::bool(false, list.rests),
            _ => return Out::unknown(list.rests),
        };
        let mut tally = Tally::new(true);
        for other in (0..members.count()).map_while(|index| members.member(index)) {
            let out = self.equal(&member, &other);
            tally.take(out.truth(), out.rests);
            if tally.settled() {
                break;
            }
        }
        if let Some(more) = &members.more {
            tally.take(None, more.clone());
        }
        let undecided = tally.decided.is_none();
        let mut out = tally.answer();
        if !out.is_unknown() {
            out.rests.add(&list.rests);
            if undecided {
                out.rests.add(&members.closed);
                // Nothing is in an empty list, whatever it is.
                if members.count() > 0 {
                    out.rests.add(&member.rests);
                }
            }
        }
        out
    }
}
