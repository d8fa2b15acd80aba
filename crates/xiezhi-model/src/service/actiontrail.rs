//! ActionTrail: the record of what was done in the account.

use crate::record::resource;
use crate::service::oss::Bucket;
use crate::service::ram::Role;
use crate::service::sls::Project;
use crate::{Link, List, Text};

resource! {
    /// A trail: a delivery of events to storage.
    Trail = "actiontrail.trail", Regional {
        /// Whether the trail delivers. Source: Actiontrail DescribeTrails `Status` (`Enable`), GetTrailStatus `IsLogging`.
        enabled: bool,
        /// Whether events of every region are delivered. Source: DescribeTrails `TrailRegion` (`All`).
        all_regions: bool,
        /// The regions whose events are delivered, as the trail writes them: `All`, or region ids with commas. Source: DescribeTrails `TrailRegion`.
        regions: Text,
        /// Which events are delivered: `all`, `read` or `write`. Source: DescribeTrails `EventRW`.
        events: Text,
        /// Whether the trail delivers the events of every member of the resource directory. Source: DescribeTrails `IsOrganizationTrail`.
        organization: bool,
        /// The bucket that events go to; absent when none. Source: DescribeTrails `OssBucketName`.
        bucket: Link<Bucket>,
        /// The prefix of the delivered files; absent when none.
        bucket_prefix: Text,
        /// The log project that events go to; absent when none. Source: DescribeTrails `SlsProjectArn`.
        project: Link<Project>,
        /// The role under which the trail writes to the bucket; absent when ActionTrail's own role does. Source: DescribeTrails `OssWriteRoleArn`.
        bucket_role: Link<Role>,
        /// The role under which the trail writes to the log project; absent when ActionTrail's own role does. Source: DescribeTrails `SlsWriteRoleArn`.
        project_role: Link<Role>,
        /// When a delivery last failed, by what error; absent when the last one succeeded. Source: GetTrailStatus `LatestDeliveryError`.
        delivery_error: Text,
        /// When events were last delivered (RFC 3339). Source: GetTrailStatus `LatestDeliveryTime`.
        last_delivery: Text,
        /// How many days before the look events were last delivered to the bucket; absent when never, unknown when the evidence does not say when it was taken. Source: GetTrailStatus `LatestDeliveryTime`.
        idle_days: i64,
        /// The same for the log project. Source: GetTrailStatus `LatestDeliveryLogServiceTime`.
        project_idle_days: i64,
        /// By what error the last delivery to the log project failed; absent when it succeeded. Source: GetTrailStatus `LatestDeliveryLogServiceError`.
        project_delivery_error: Text,
        /// Whether the bucket is there; of no meaning for a trail without one. Source: GetTrailStatus `OssBucketStatus`.
        bucket_exists: bool,
        /// Whether the log project is there; of no meaning for a trail without one. Source: GetTrailStatus `SlsLogStoreStatus`.
        project_exists: bool,
        /// The services whose data events are delivered, with the class: `oss all`, `oss write`; empty when none. Source: ActionTrail ListDataEventSelectors `EventSelectors` (JSON).
        data_events: List<Text>,
        /// The kinds of unusual activity that are looked for (`ApiCallRateInsight`, `IpInsight` …); empty when none. Source: ActionTrail GetInsightSelectors `InsightSelectors`.
        insights: List<Text>,
        /// For how many days delivered events are kept: in the Logstore (`actiontrail_<trail>`), or in the bucket until its lifecycle deletes them, whichever is longer; 3650 means for ever.
        [derived] retention_days: i64,
    }
}
