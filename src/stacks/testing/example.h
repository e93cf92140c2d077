// A stack as people write it: an API whose template puts into a stream that is delivered to a
// bucket. Tests change a line of it.
#pragma once

#include <string>
#include <string_view>

namespace hyd::stacks::testing {

inline constexpr std::string_view kExample = R"(AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Stage: {Type: String, Default: prod}
Resources:
  Stream:
    Type: AWS::Kinesis::Stream
    DeletionPolicy: Retain
    Properties:
      Name: clicks
      ShardCount: 2
      Tags: [{Key: team, Value: data}]
  Bucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
  DeliveryRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - {Effect: Allow, Principal: {Service: firehose.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: deliver
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - Effect: Allow
                Action: ['s3:PutObject']
                Resource: !Sub '${Bucket.Arn}/*'
  Delivery:
    Type: AWS::KinesisFirehose::DeliveryStream
    Properties:
      DeliveryStreamType: KinesisStreamAsSource
      KinesisStreamSourceConfiguration:
        KinesisStreamARN: !GetAtt Stream.Arn
        RoleARN: !GetAtt DeliveryRole.Arn
      ExtendedS3DestinationConfiguration:
        BucketARN: !GetAtt Bucket.Arn
        RoleARN: !GetAtt DeliveryRole.Arn
        Prefix: events/
        BufferingHints: {SizeInMBs: 1, IntervalInSeconds: 60}
        CompressionFormat: UNCOMPRESSED
        CloudWatchLoggingOptions: {Enabled: true, LogGroupName: g, LogStreamName: s}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: clicks
  Deployment:
    Type: AWS::ApiGateway::Deployment
    DependsOn: [Post, Options]
    Properties:
      RestApiId: !Ref Api
  ApiStage:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      DeploymentId: !Ref Deployment
      StageName: !Ref Stage
      Variables: {stream: !Ref Stream}
  Events:
    Type: AWS::ApiGateway::Resource
    Properties:
      RestApiId: !Ref Api
      ParentId: !GetAtt Api.RootResourceId
      PathPart: events
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Events
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:kinesis:action/PutRecord
        RequestTemplates:
          application/json: '{"Data": "$input.body"}'
        IntegrationResponses:
          - StatusCode: 200
            ResponseTemplates: {application/json: '{"ok":true}'}
          - {StatusCode: 500, SelectionPattern: '5\d\d'}
      MethodResponses: [{StatusCode: 200}, {StatusCode: 500}]
  Options:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Events
      HttpMethod: OPTIONS
      AuthorizationType: NONE
      Integration:
        Type: MOCK
        RequestTemplates: {application/json: '{"statusCode": 200}'}
        IntegrationResponses:
          - StatusCode: 200
            ResponseParameters:
              method.response.header.Access-Control-Allow-Origin: "'*'"
      MethodResponses:
        - StatusCode: 200
          ResponseParameters: {method.response.header.Access-Control-Allow-Origin: true}
Outputs:
  Url:
    Value: !Sub 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${ApiStage}/events'
  BucketName:
    Value: !Ref Bucket
)";

// The example with the first `from` replaced; empty when it is not there.
inline std::string example_with(std::string_view from, std::string_view to) {
  std::string text(kExample);
  const std::size_t at = text.find(from);
  if (at == std::string::npos) return {};
  return text.replace(at, from.size(), to);
}

// The example without a resource: from its name to the line that follows it.
inline std::string example_without(std::string_view logical_id, std::string_view next_line) {
  std::string text(kExample);
  const std::size_t from = text.find("  " + std::string(logical_id) + ":\n    Type");
  const std::size_t to = text.find("\n" + std::string(next_line) + "\n", from);
  if (from == std::string::npos || to == std::string::npos) return {};
  return text.erase(from, to + 1 - from);
}

}  // namespace hyd::stacks::testing
