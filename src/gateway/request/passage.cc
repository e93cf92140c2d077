#include "gateway/request/passage.h"

#include "aws/fault_wire.h"
#include "base/check.h"
#include "base/parse_int.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace hyd::gateway {
namespace {

using Kind = CompiledIntegration::Kind;

// The type that the JSON services of this process answer in.
constexpr std::string_view kServiceType = "application/x-amz-json-1.1";
constexpr std::uint64_t kPatternStepsMax = 10'000;

std::string_view name_of(vtl::Failure::Reason reason) {
  switch (reason) {
    case vtl::Failure::Reason::template_error: return "template error";
    case vtl::Failure::Reason::steps: return "too many steps";
    case vtl::Failure::Reason::too_large: return "too large";
    case vtl::Failure::Reason::too_deep: return "too deep";
  }
  return {};
}

struct Choice {
  bool refused = false;                     // 415
  const CompiledTemplate* found = nullptr;  // null: the body passes through
};

// AWS documentation, "Integration passthrough behaviors"; keys with parameters go first because
// they are found in the wild.
Choice choose_request_template(const CompiledIntegration& integration, const RequestView& view) {
  const CompiledTemplate* by_default = nullptr;
  const CompiledTemplate* by_type = nullptr;
  for (const CompiledTemplate& one : integration.templates) {
    if (one.media_type == view.content_type()) return {.found = &one};
    if (equal_ignoring_case(one.media_type, view.media_type())) by_type = &one;
    if (one.media_type == "$default") by_default = &one;
  }
  if (by_type != nullptr) return {.found = by_type};
  if (by_default != nullptr) return {.found = by_default};
  switch (integration.passthrough) {
    case Passthrough::when_no_match: return {};
    case Passthrough::when_no_templates: return {.refused = !integration.templates.empty()};
    case Passthrough::never: break;
  }
  return {.refused = true};
}

// Nothing for what API Gateway does not unpack either.
std::optional<Packing> packing_of(std::string_view encoding) {
  if (encoding.empty() || equal_ignoring_case(encoding, "identity")) return Packing::none;
  if (equal_ignoring_case(encoding, "gzip")) return Packing::gzip;
  if (equal_ignoring_case(encoding, "deflate")) return Packing::deflate;
  return std::nullopt;
}

bool has_no_body(std::string_view verb) {
  return verb == "GET" || verb == "HEAD" || verb == "OPTIONS";
}

// A value that a template has put into an override; nothing for what is no header's value.
std::optional<std::string> header_text(const codec::Json& value) {
  if (const std::string* text = value.if_string()) return *text;
  if (const auto* items = value.if_array()) {
    std::string joined;
    for (const codec::Json& item : *items) {
      if (!joined.empty()) joined.append(",");
      joined.append(header_text(item).value_or(""));
    }
    return joined;
  }
  if (value.if_number() != nullptr || value.if_boolean() != nullptr) return codec::to_text(value);
  return std::nullopt;
}

const codec::Json::Object* headers_in(const codec::Json& overridden) {
  const codec::Json* headers = overridden.find("header");
  return headers == nullptr ? nullptr : headers->if_object();
}

}  // namespace

void Passage::reset() {
  request.reset();
  respond.reset();
  ids = {};
  stage.reset();
  method = nullptr;
  view.reset();
  overrides.reset();
  rendering = nullptr;
  backend_status = 0;
  forget_text(backend_body);
  backend_id = {};
  response = nullptr;
}

void EndPassage::operator()(Passage* passage) const {
  std::unique_ptr<Passage> ended(passage);
  if (pool->size() == kPassagesKept) return;
  ended->reset();
  pool->push_back(std::move(ended));
}

Conductor::Conductor(ConductorParts parts)
    : parts_(std::move(parts)),
      principal_(std::make_shared<const aws::Principal>(
          aws::Principal{.account = parts_.account,
                         .arn = "apigateway.amazonaws.com",
                         .user_id = "apigateway.amazonaws.com",
                         .type = aws::Principal::Type::service})) {
  auto program = vtl::parse("$input.json('$.statusCode')");
  HYD_CHECK(program.has_value());
  mock_status_ = *std::move(program);
}

Conductor::~Conductor() { HYD_CHECK(in_work_ == 0); }

PassagePtr Conductor::begin(net::Request request, net::Responder respond) {
  if (pool_.empty()) pool_.push_back(std::make_unique<Passage>());
  PassagePtr passage(pool_.back().release(), {&pool_});
  pool_.pop_back();
  passage->request.emplace(std::move(request));
  passage->respond.emplace(std::move(respond));
  return passage;
}

void Conductor::send(Passage& passage, net::Response response) {
  parts_.probe.count(response.status);
  passage.respond->send(std::move(response));
}

void Conductor::fail(Passage& passage, GatewayFailure failure) {
  send(passage, failure_answer({.failure = failure,
                                .ids = passage.ids,
                                .stage = passage.stage.get(),
                                .view = passage.request ? &passage.view : nullptr}));
}

// The client only gets "Internal server error", as on AWS; the log says what to mend.
void Conductor::misconfigured(Passage& passage, std::string_view why) {
  parts_.log.warning("A request met a mistake in its API.",
                     {{"api", passage.stage->what.api_id},
                      {"stage", passage.stage->what.stage},
                      {"method", passage.method->verb},
                      {"resource", passage.method->resource_path},
                      {"reason", why},
                      {"request", passage.ids.request()}});
  fail(passage, GatewayFailure::api_configuration_error);
}

vtl::Inputs Conductor::inputs_of(Passage& passage, std::string_view body,
                                 const vtl::Program* program) {
  vtl::Inputs inputs;
  inputs.body = body;
  if (program == nullptr) return inputs;
  inputs.path = passage.view.path();
  inputs.query = passage.view.query();
  inputs.headers = passage.view.headers();
  if (program->reads_context()) inputs.context = passage.view.context();
  if (program->reads_stage_variables()) inputs.stage_variables = passage.view.stage_variables();
  if (passage.overrides) inputs.overrides = &*passage.overrides;
  return inputs;
}

void Conductor::lead(PassagePtr passage) {
  Passage& p = *passage;
  const CompiledIntegration& integration = p.method->integration;
  if (integration.kind == Kind::broken) return misconfigured(p, integration.why);
  const Choice choice = choose_request_template(integration, p.view);
  if (choice.refused) return fail(p, GatewayFailure::unsupported_media_type);
  if (choice.found != nullptr && choice.found->program == nullptr) {
    return misconfigured(p, "the request template does not parse");
  }
  if (integration.maps_forbidden_header) {
    return misconfigured(p, "a header is mapped that may not be");
  }
  p.rendering = choice.found;
  TransformWork work;
  if (p.stage->what.definition->compression_bytes_min) {
    const std::optional<Packing> packing = packing_of(p.view.content_encoding());
    if (!packing) return fail(p, GatewayFailure::unsupported_media_type);
    work.packing = *packing;
  }
  work.program = choice.found == nullptr ? nullptr : choice.found->program.get();
  const bool binary =
      is_binary_type(p.stage->what.definition->binary_media_types, p.view.media_type());
  work.change = request_change(binary, integration.content_handling);
  work.inputs = inputs_of(p, p.request->body(), work.program);
  work.must_be_json = integration.reads_json_body;
  perform(std::move(passage), work, &Conductor::call_backend);
}

void Conductor::perform(PassagePtr passage, const TransformWork& work, Next next) {
  if (work.inputs.body.size() <= kBodyBytesMaxOnLoop) {
    Transformed out = transform(work, renderer_, kLimitsOnLoop);
    if (!may_succeed_on_worker(out)) {
      return (this->*next)(std::move(passage), std::move(out));
    }
  }
  perform_on_worker(std::move(passage), work, next);
}

void Conductor::perform_on_worker(PassagePtr passage, const TransformWork& work, Next next) {
  const std::uint64_t number = ++last_errand_;
  const auto at = errands_.emplace(number, std::make_unique<Errand>()).first;
  Errand& errand = *at->second;
  errand.passage = std::move(passage);
  errand.work = work;
  errand.next = next;
  base::Task task = [this, number, &errand] {
    vtl::Renderer renderer;
    errand.out = transform(errand.work, renderer, kLimitsOnWorker);
    parts_.loop.post([this, number] {
      --in_work_;
      auto done = errands_.extract(number);
      Errand& back = *done.mapped();
      (this->*back.next)(std::move(back.passage), std::move(back.out));
    });
  };
  if (errands_.size() <= kErrandsMax && parts_.workers.submit(task)) {
    ++in_work_;
    parts_.probe.on_workers.add();
    return;
  }
  const PassagePtr refused = std::move(errand.passage);
  errands_.erase(at);
  parts_.probe.own_failures.add();
  parts_.log.warning("A large body was refused because the workers are busy.",
                     {{"request", refused->ids.request()}});
  fail(*refused, GatewayFailure::integration_failure);
}

bool Conductor::usable(Passage& passage, const Transformed& transformed, std::string_view side) {
  if (transformed.loops_cut > 0) {
    parts_.probe.loops_cut.add(transformed.loops_cut);
    parts_.log.warning("A template left elements of a list out: #foreach takes 1,000.",
                       {{"api", passage.stage->what.api_id},
                        {"stage", passage.stage->what.stage},
                        {"method", passage.method->verb},
                        {"resource", passage.method->resource_path},
                        {"request", passage.ids.request()}});
  }
  switch (transformed.kind) {
    case Transformed::Kind::done:
    case Transformed::Kind::unchanged: return true;
    case Transformed::Kind::too_much:
      fail(passage, GatewayFailure::request_too_large);
      return false;
    case Transformed::Kind::not_packed:
      fail(passage, GatewayFailure::unsupported_media_type);
      return false;
    case Transformed::Kind::not_json: fail(passage, GatewayFailure::bad_request); return false;
    case Transformed::Kind::not_usable:
      misconfigured(passage, "the body and its content handling do not fit");
      return false;
    case Transformed::Kind::failed: break;
  }
  parts_.probe.template_failures.add();
  const vtl::Failure& failure = transformed.failure;
  parts_.log.warning("A template failed.", {{"api", passage.stage->what.api_id},
                                            {"stage", passage.stage->what.stage},
                                            {"method", passage.method->verb},
                                            {"resource", passage.method->resource_path},
                                            {"side", side},
                                            {"template", passage.rendering->media_type},
                                            {"line", failure.place.line},
                                            {"column", failure.place.column},
                                            {"reason", name_of(failure.reason)},
                                            {"request", passage.ids.request()}});
  // Its words may hold a piece of the body.
  parts_.log.debug("Why a template failed.",
                   {{"what", failure.what}, {"request", passage.ids.request()}});
  fail(passage, GatewayFailure::api_configuration_error);
  return false;
}

void Conductor::call_backend(PassagePtr passage, Transformed request) {
  Passage& p = *passage;
  if (!usable(p, request, "request")) return;
  if (request.overrides) {
    p.overrides = std::move(request.overrides);
    if (const auto* headers = headers_in(p.overrides->request)) {
      for (const auto& [name, value] : *headers) {
        if (!is_forbidden_to_backend(name, p.method->integration.kind)) continue;
        return misconfigured(p, "the template overrides a header that it may not");
      }
    }
  }
  if (p.method->integration.kind == Kind::mock)
    return answer_mock(std::move(passage), request.body);
  call_service(std::move(passage), std::move(request.body));
}

void Conductor::answer_mock(PassagePtr passage, const std::string& rendered) {
  vtl::Inputs inputs;
  inputs.body = rendered;
  vtl::Limits limits;
  limits.steps_max = vtl::kStepsMaxOnLoop;
  const auto status = renderer_.render(*mock_status_, inputs, limits);
  const auto number = status ? base::parse_int<std::uint16_t>(status->output) : std::nullopt;
  if (!number) {
    return misconfigured(*passage,
                         "statusCode should be an integer which defined in request template");
  }
  passage->backend_status = *number;
  choose_response(std::move(passage));
}

void Conductor::call_service(PassagePtr passage, std::string body) {
  Passage& p = *passage;
  const CompiledIntegration& integration = p.method->integration;
  const std::string_view verb = integration.verb == "ANY" ? p.view.verb() : integration.verb;
  if (has_no_body(verb)) body.clear();
  p.backend_id = aws::RequestId::random(parts_.rng);
  // From the hand-over to the journal on nobody looks at the deadline: the outcome is waited for.
  const aws::Call call{.loop = parts_.loop,
                       .clock = parts_.clock,
                       .principal = principal_,
                       .account = parts_.account,
                       .region = integration.region,
                       .request_id = p.backend_id,
                       .source_ip = std::string(p.view.source_ip()),
                       .deadline = parts_.clock.mono() + integration.timeout};
  if (!p.method->looks_back) {
    p.view.forget_request();
    p.request.reset();
  }
  ++in_work_;
  parts_.dispatcher.invoke_text(
      integration.target, call, body,
      [this, passage = std::move(passage)](std::expected<std::string, aws::Fault> outcome) mutable {
        --in_work_;
        take_outcome(std::move(passage), std::move(outcome));
      });
}

void Conductor::take_outcome(PassagePtr passage, std::expected<std::string, aws::Fault> outcome) {
  Passage& p = *passage;
  if (outcome) {
    p.backend_status = 200;
    p.backend_body = *std::move(outcome);
    return choose_response(std::move(passage));
  }
  aws::Fault& fault = outcome.error();
  if (fault.ours || fault.unanswerable) {
    // No integration response may see it: a default of 200 would tell the client that its event is
    // safe.
    parts_.probe.own_failures.add();
    parts_.log.warning("A call failed for a reason of our own.",
                       {{"action", p.method->integration.target.operation->permission},
                        {"code", base::name(fault.code)},
                        {"reason", fault.cause},
                        {"request", p.ids.request()}});
    if (fault.unanswerable) {
      parts_.probe.unanswered.add();
      return p.respond->close();
    }
    return fail(p, fault.code == base::Code::timed_out ? GatewayFailure::integration_timeout
                                                       : GatewayFailure::integration_failure);
  }
  p.backend_status = static_cast<std::uint16_t>(fault.status);
  p.backend_body = aws::fault_response(std::move(fault), {}).body;
  choose_response(std::move(passage));
}

void Conductor::choose_response(PassagePtr passage) {
  Passage& p = *passage;
  const CompiledIntegration& integration = p.method->integration;
  std::array<char, 8> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), p.backend_status);
  const std::string_view subject(digits.data(), end.ptr);
  for (const CompiledResponse& one : integration.responses) {
    if (!one.pattern) continue;
    codec::RegexBudget budget{.steps = kPatternStepsMax};
    const auto matched = one.pattern->matches(subject, budget);
    if (!matched || !*matched) continue;
    p.response = &one;
    break;
  }
  if (p.response == nullptr && integration.default_response) {
    p.response = &integration.responses[*integration.default_response];
  }
  if (p.response == nullptr) {
    return misconfigured(p,
                         "No match for output mapping and no default output mapping configured. "
                         "Endpoint Response Status Code: " +
                             std::string(subject));
  }
  if (!p.response->declared) {
    return misconfigured(p, "Output mapping refers to an invalid method response: " +
                                std::to_string(p.response->status));
  }
  if (p.backend_status >= 400 && p.response->status < 400) parts_.probe.hidden_refusals.add();

  p.rendering = choose_by_accept(std::span(p.response->templates), p.view.accept());
  if (p.rendering != nullptr && p.rendering->program == nullptr) {
    return misconfigured(p, "the response template does not parse");
  }
  TransformWork work;
  work.program = p.rendering == nullptr ? nullptr : p.rendering->program.get();
  const auto& binary_types = p.stage->what.definition->binary_media_types;
  if (!binary_types.empty() || !p.response->content_handling.empty()) {
    const std::string_view accept = p.view.accept();
    const std::string wanted = media_type_of(accept.substr(0, accept.find(',')));
    work.change = response_change(
        integration.kind != Kind::mock && is_binary_type(binary_types, kServiceType),
        p.response->content_handling, is_binary_type(binary_types, wanted));
  }
  if (work.program == nullptr && work.change == BodyChange::as_text) {
    Transformed same;
    same.kind = Transformed::Kind::unchanged;
    return finish(std::move(passage), std::move(same));
  }
  work.inputs = inputs_of(p, p.backend_body, work.program);
  perform(std::move(passage), work, &Conductor::finish);
}

std::uint16_t Conductor::apply_overrides(const Passage& passage, HeaderLines& lines) const {
  std::uint16_t status = passage.response->status;
  if (!passage.overrides) return status;
  const codec::Json& overridden = passage.overrides->response;
  if (const codec::Json* given = overridden.find("status")) {
    const bool number = given->if_number() != nullptr;
    const auto wanted = number ? given->as_integer() : std::nullopt;
    // Anything else is ignored (observed).
    if (wanted && *wanted >= 100 && *wanted <= 599) status = static_cast<std::uint16_t>(*wanted);
  }
  if (const auto* headers = headers_in(overridden)) {
    for (const auto& [name, value] : *headers) {
      std::string sent = outgoing_name(name, passage.method->integration.kind);
      std::optional<std::string> text = header_text(value);
      if (!sent.empty() && text) lines.set(std::move(sent), *std::move(text));
    }
  }
  return status;
}

void Conductor::finish(PassagePtr passage, Transformed body) {
  Passage& p = *passage;
  if (!usable(p, body, "response")) return;
  if (body.overrides) p.overrides = std::move(body.overrides);

  const bool service = p.method->integration.kind == Kind::action;
  HeaderLines lines;
  MappedBody mapped(p.backend_body);
  const BackendHeaders backend{.request_id = p.backend_id.text(),
                               .content_type = kServiceType,
                               .content_length = p.backend_body.size()};
  std::string value;
  for (const MappedHeader& header : p.response->headers) {
    const SourceInputs inputs{
        .request = p.view, .body = &mapped, .backend = service ? &backend : nullptr};
    if (header.source.read(inputs, value)) lines.set(header.name, value);
  }
  net::Response response;
  response.headers.reserve(256);
  response.status = apply_overrides(p, lines);
  // 1xx would leave the client waiting for another answer.
  if (response.status < 200) response.status = p.response->status;
  const std::string* type = lines.find("Content-Type");
  add_content_type(response, type != nullptr          ? std::string_view(*type)
                             : p.rendering != nullptr ? p.rendering->media_type
                                                      : std::string_view());
  add_ids(response, p.ids);
  lines.write(response);
  if (service && lines.find("X-Amzn-Trace-Id") == nullptr) {
    response.add("X-Amzn-Trace-Id", p.view.trace_id());
  }
  const bool same = body.kind == Transformed::Kind::unchanged;
  response.body = std::move(same ? p.backend_body : body.body);
  send(p, std::move(response));
}

}  // namespace hyd::gateway
