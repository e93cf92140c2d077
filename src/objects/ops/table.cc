#include "objects/ops/operations.h"

namespace hyd::objects {
namespace {

using aws::Network;
using aws::operation;

template <class Input>
std::string bucket_arn(const aws::Call&, const Input& input) {
  return "arn:aws:s3:::" + input.bucket;
}

constexpr aws::Operation kS3[] = {
    operation<&create_bucket>("CreateBucket", "s3:CreateBucket", Network::closed,
                              "Makes a bucket; one that is there already is a success.")
        .on<&bucket_arn<CreateBucketInput>>(),
    operation<&delete_bucket>("DeleteBucket", "s3:DeleteBucket", Network::closed,
                              "Removes an empty bucket.")
        .on<&bucket_arn<BucketInput>>(),
    operation<&head_bucket>("HeadBucket", "s3:ListBucket", Network::closed,
                            "Says whether a bucket is there, and its region.")
        .on<&bucket_arn<BucketInput>>(),
    operation<&put_bucket_tagging>("PutBucketTagging", "s3:PutBucketTagging", Network::closed,
                                   "Replaces the tags of a bucket.")
        .on<&bucket_arn<PutBucketTaggingInput>>(),
    operation<&get_bucket_tagging>("GetBucketTagging", "s3:GetBucketTagging", Network::closed,
                                   "Shows the tags of a bucket.")
        .on<&bucket_arn<BucketInput>>(),
    operation<&delete_bucket_tagging>("DeleteBucketTagging", "s3:PutBucketTagging", Network::closed,
                                      "Removes the tags of a bucket.")
        .on<&bucket_arn<BucketInput>>(),
};

constexpr aws::ServiceTable kS3Table{
    .name = "s3", .protocol = aws::Protocol::rest_xml, .operations = kS3};

}  // namespace

const aws::ServiceTable& s3_table() { return kS3Table; }

}  // namespace hyd::objects
