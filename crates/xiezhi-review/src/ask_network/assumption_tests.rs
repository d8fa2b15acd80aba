//! Answers that rest on an open rule of the platform say so: for every assumption, over the cases by which the engine's
//! readings are tested.

use xiezhi_model::Label;
use xiezhi_net::assume::Assumption;
use xiezhi_net::model::Network;
use xiezhi_net::set::Flow;

use super::{Answer, Ground, Verdict, changed, exposed, reach_from};
use crate::analyse::tests::assumption_cases;

fn ground(network: Network) -> Ground {
    Ground { network, ..Ground::joined(Vec::new()) }
}

fn names(answer: &Answer, assumption: Assumption) -> bool {
    let because = answer.parts.iter().flat_map(|part| &part.because).any(|open| open.what == assumption.code());
    because && answer.assumptions.contains(&assumption) && answer.label == Label::Inference
}

#[test]
fn an_answer_that_rests_on_an_open_rule_names_it_and_is_an_inference() {
    let mut asked = 0;
    for case in assumption_cases() {
        let ground = ground(case.network);
        let answer = match case.inside {
            true => {
                let Flow { source, destination, port, .. } = case.flow;
                reach_from(&ground, &[&source.to_string()], &destination.to_string(), Some(port)).unwrap()
            }
            false => exposed(&ground, &[]),
        };
        assert!(names(&answer, case.assumption), "{:?}: {:?} {answer:?}", case.assumption, answer.label);
        asked += 1;
    }
    assert_eq!(asked, 17);
}

#[test]
fn an_answer_on_which_no_open_rule_bears_names_none() {
    let case = assumption_cases().into_iter().find(|case| case.assumption == Assumption::BareEntry).unwrap();
    let mut network = case.network;
    network.services.items.clear();
    let answer = exposed(&ground(network), &[22]);
    assert_eq!((answer.verdict, answer.assumptions.len()), (Verdict::Yes, 0));
    assert_ne!(answer.label, Label::Inference);
}

#[test]
fn a_change_that_an_open_rule_leaves_unsettled_names_it() {
    for case in assumption_cases().into_iter().filter(|case| !case.inside) {
        let nothing = ground(Network::default());
        let answer = changed(&nothing, &ground(case.network));
        assert!(names(&answer, case.assumption), "{:?}: {answer:?}", case.assumption);
    }
}

#[test]
fn a_vswitch_whose_packets_go_to_an_appliance_has_no_tier_and_names_the_open_rule() {
    use xiezhi_net::model::{NextHop, Route, RouteOrigin, Seen};
    use xiezhi_net::segment::{Tier, subnets};
    let case = assumption_cases().into_iter().find(|case| case.assumption == Assumption::BareEntry).unwrap();
    let tier = |hop: NextHop| {
        let mut network = case.network.clone();
        network.eips.items.clear();
        let route = Route {
            id: "rte".into(),
            destination: "0.0.0.0/0".parse().unwrap(),
            next: Seen::Known(vec![hop]),
            origin: RouteOrigin::Own,
        };
        network.route_tables.items[0].routes = Seen::Known(vec![route]);
        subnets(&network).remove(0).tier
    };
    let open = |tier: Tier| match tier {
        Tier::Unknown(why) => why.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        other => panic!("{other:?}"),
    };
    assert_eq!(open(tier(NextHop::Instance("i-fw".into()))), "A-MIDBOX");
    assert_eq!(open(tier(NextHop::Attachment("att-1".into()))), "not collected: where att-1 leads");
    assert_eq!(open(tier(NextHop::Nat("ngw-9".into()))), "not collected: NAT gateway ngw-9");
    assert_eq!(tier(NextHop::Ipv4Gateway("igw-1".into())), Tier::Private);
    assert_eq!(tier(NextHop::Local), Tier::Intra);
}
