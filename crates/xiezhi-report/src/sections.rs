//! The eight sections of the answer, always in this order: six areas, then what to do and what stays open.

use xiezhi_model::Label;
use xiezhi_review::{Action, Area, OpenQuestion, Outcome, Review, Severity};

use crate::sentences;
use crate::words::Lang;

/// One section: a verdict, what blocks, what to do, what to ask.
pub(crate) struct Section {
    /// 1 to 8.
    pub number: u8,
    /// The stable name.
    pub id: &'static str,
    /// The area; `None` for the last two, which are about all of them.
    pub area: Option<Area>,
    /// The worst outcome among its checks.
    pub outcome: Outcome,
    /// The weakest label among the checks that decide that.
    pub label: Label,
    /// Proven defects of critical and high severity: indexes into the verdicts, the gravest first.
    pub blockers: Vec<usize>,
    /// Lesser proven defects.
    pub others: usize,
    /// What to do, in order.
    pub actions: Vec<Action>,
    /// What nobody can tell.
    pub open: Vec<OpenQuestion>,
}

impl Section {
    /// The title.
    pub fn title(&self, lang: Lang) -> &'static str {
        match (self.area, self.number) {
            (Some(area), _) => sentences::area(area, lang),
            (None, 7) => sentences::RECOMMENDATIONS.plain(lang),
            (None, _) => sentences::RISKS.plain(lang),
        }
    }
}

/// The eight sections.
pub(crate) fn sections(review: &Review) -> Vec<Section> {
    let assessment = &review.assessment;
    let findings = review.findings();
    let area_of = |check: usize| assessment.checks.get(check).map(|summary| summary.section);
    let mut sections: Vec<Section> = Vec::with_capacity(8);
    let numbered = Area::ALL.into_iter().map(|area| (Some(area), area.as_str()));
    let all = numbered.chain([(None, "recommendations"), (None, "open-risks")]);
    for (number, (area, id)) in (1_u8..).zip(all) {
        let here = |check: usize| area.is_none_or(|area| area_of(check) == Some(area));
        let summaries = || assessment.checks.iter().filter(|summary| here(summary.check));
        let outcome = summaries().map(|summary| summary.outcome).min().unwrap_or(Outcome::Unknown);
        let label = summaries()
            .filter(|summary| summary.outcome == outcome)
            .map(|summary| summary.label)
            .max()
            .unwrap_or(assessment.scope.label);
        let (blockers, others): (Vec<usize>, Vec<usize>) = findings
            .iter()
            .copied()
            .filter(|at| assessment.verdicts.get(*at).is_some_and(|verdict| here(verdict.check)))
            .partition(|at| severity_of(review, *at) >= Some(Severity::High));
        let open = assessment
            .open
            .iter()
            .filter_map(|open| {
                let checks: Vec<usize> = open.checks.iter().copied().filter(|check| here(*check)).collect();
                let kinds = |check: &usize| review.checks.checks().get(*check).map(|check| check.subject.kind);
                let mut of_kind: Vec<&'static str> = checks.iter().filter_map(kinds).collect();
                of_kind.sort_unstable();
                of_kind.dedup();
                let severity = |check: &usize| review.checks.checks().get(*check).map(|check| check.severity);
                let worst = checks.iter().filter_map(severity).max()?;
                Some(OpenQuestion { kinds: of_kind, checks, severity: worst, ..open.clone() })
            })
            .collect();
        sections.push(Section {
            number,
            id,
            area,
            outcome,
            label,
            blockers,
            others: others.len(),
            actions: assessment.actions.iter().filter(|action| here(action.check)).cloned().collect(),
            open,
        });
    }
    sections
}

/// The severity of a verdict's check.
pub(crate) fn severity_of(review: &Review, at: usize) -> Option<Severity> {
    let verdict = review.assessment.verdicts.get(at)?;
    review.checks.checks().get(verdict.check).map(|check| check.severity)
}
