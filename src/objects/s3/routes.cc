#include "objects/s3/routes.h"

#include "objects/faults.h"

#include <algorithm>

namespace hyd::objects {
namespace {

using enum Level;

constexpr Route kRoutes[] = {
    {"GET", service, "", "s3:ListAllMyBuckets", &list_buckets},

    {"PUT", bucket, "", "s3:CreateBucket", &create_bucket_call},
    {"HEAD", bucket, "", "s3:ListBucket", &head_bucket_call},
    {"DELETE", bucket, "", "s3:DeleteBucket", &delete_bucket_call},
    {"GET", bucket, "", "s3:ListBucket", &list_objects},
    {"GET", bucket, "versions", "s3:ListBucketVersions", &list_object_versions},
    {"GET", bucket, "location", "s3:GetBucketLocation", &get_bucket_location},
    {"POST", bucket, "delete", "s3:DeleteObject", &delete_objects},

    {"PUT", bucket, "tagging", "s3:PutBucketTagging", &put_tagging},
    {"GET", bucket, "tagging", "s3:GetBucketTagging", &get_tagging},
    {"DELETE", bucket, "tagging", "s3:PutBucketTagging", &delete_tagging},
    {"GET", bucket, "acl", "s3:GetBucketAcl", &get_bucket_acl},
    {"PUT", bucket, "acl", "s3:PutBucketAcl", &put_acl},

    {"GET", bucket, "versioning", "s3:GetBucketVersioning", &get_setting},
    {"GET", bucket, "policy", "s3:GetBucketPolicy", &get_setting},
    {"GET", bucket, "policyStatus", "s3:GetBucketPolicyStatus", &get_setting},
    {"GET", bucket, "cors", "s3:GetBucketCORS", &get_setting},
    {"GET", bucket, "lifecycle", "s3:GetLifecycleConfiguration", &get_setting},
    {"GET", bucket, "encryption", "s3:GetEncryptionConfiguration", &get_setting},
    {"GET", bucket, "publicAccessBlock", "s3:GetBucketPublicAccessBlock", &get_setting},
    {"GET", bucket, "ownershipControls", "s3:GetBucketOwnershipControls", &get_setting},
    {"GET", bucket, "notification", "s3:GetBucketNotification", &get_setting},
    {"GET", bucket, "logging", "s3:GetBucketLogging", &get_setting},
    {"GET", bucket, "accelerate", "s3:GetAccelerateConfiguration", &get_setting},
    {"GET", bucket, "requestPayment", "s3:GetBucketRequestPayment", &get_setting},
    {"GET", bucket, "website", "s3:GetBucketWebsite", &get_setting},
    {"GET", bucket, "replication", "s3:GetReplicationConfiguration", &get_setting},
    {"GET", bucket, "object-lock", "s3:GetBucketObjectLockConfiguration", &get_setting},

    {"PUT", object, "", "s3:PutObject", &put_object},
    {"GET", object, "", "s3:GetObject", &get_object},
    {"HEAD", object, "", "s3:GetObject", &get_object},
    {"DELETE", object, "", "s3:DeleteObject", &delete_object},
    {"POST", object, "uploads", "s3:PutObject", &create_upload},
    {"PUT", object, "uploadId", "s3:PutObject", &put_object},
    {"POST", object, "uploadId", "s3:PutObject", &complete_upload_call},
    {"DELETE", object, "uploadId", "s3:AbortMultipartUpload", &abort_upload},
    {"GET", object, "uploadId", "s3:ListMultipartUploadParts", &list_parts},
    {"GET", bucket, "uploads", "s3:ListBucketMultipartUploads", &list_uploads},
    {"GET", object, "tagging", "s3:GetObjectTagging", &get_object_tagging},
    {"GET", object, "acl", "s3:GetObjectAcl", &get_bucket_acl},
    {"PUT", object, "acl", "s3:PutObjectAcl", &put_acl},
};

// What S3 has in its queries. A name that is missing here would fall through to the plain
// operation, and `?versions` would become a listing.
constexpr std::string_view kSubResources[] = {
    "abac",
    "accelerate",
    "acl",
    "analytics",
    "attributes",
    "cors",
    "delete",
    "encryption",
    "intelligent-tiering",
    "inventory",
    "legal-hold",
    "lifecycle",
    "location",
    "logging",
    "metadataConfiguration",
    "metadataInventoryTable",
    "metadataJournalTable",
    "metadataTable",
    "metrics",
    "notification",
    "object-lock",
    "ownershipControls",
    "policy",
    "policyStatus",
    "publicAccessBlock",
    "renameObject",
    "replication",
    "requestPayment",
    "restore",
    "retention",
    "select",
    "session",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versioning",
    "versions",
    "website",
};

constexpr std::string_view kMethods[] = {"GET", "HEAD", "PUT", "POST", "DELETE"};

std::string_view name(Level level) {
  switch (level) {
    case service: return "SERVICE";
    case bucket: return "BUCKET";
    case object: break;
  }
  return "OBJECT";
}

}  // namespace

std::string_view sub_resource(const codec::Form& query) {
  for (const auto& [key, value] : query) {
    const auto found = std::ranges::find(kSubResources, key);
    if (found != std::end(kSubResources)) return *found;
  }
  return {};
}

bool streams_body(const Route& route) { return route.serve == &put_object; }

aws::Outcome<const Route*> find_route(const net::RequestHead& head, Level level,
                                      const codec::Form& query) {
  const std::string_view sub = sub_resource(query);
  for (const Route& route : kRoutes) {
    if (route.method == head.method && route.level == level && route.sub == sub) return &route;
  }
  const bool known_method = std::ranges::find(kMethods, head.method) != std::end(kMethods);
  if (known_method && !sub.empty()) return not_implemented(sub);
  // A form upload.
  if (head.method == "POST" && level == bucket) return not_implemented("POST");
  return method_not_allowed({.name = head.method, .value = name(level)});
}

}  // namespace hyd::objects
