#include "codec/seal.h"

#include "base/check.h"

#include <openssl/evp.h>

#include <limits>
#include <utility>

namespace hyd::codec {
namespace {

struct FreeCipher {
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
};
struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(char* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

// What is sealed is small; a length that OpenSSL's int cannot hold is a bug of the caller.
int length(std::size_t size) {
  HYD_CHECK(size <= std::numeric_limits<int>::max());
  return static_cast<int>(size);
}

}  // namespace

struct SealKey::Contexts {
  Context seal{EVP_CIPHER_CTX_new()};
  Context open{EVP_CIPHER_CTX_new()};
};

SealKey::SealKey(const std::array<char, kSealKeyBytes>& key)
    : contexts_(std::make_unique<Contexts>()) {
  const std::unique_ptr<EVP_CIPHER, FreeCipher> cipher(
      EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  HYD_CHECK(cipher != nullptr && contexts_->seal != nullptr && contexts_->open != nullptr);
  const unsigned char* bytes = raw(std::string_view(key.data(), key.size()));
  HYD_CHECK(EVP_EncryptInit_ex2(contexts_->seal.get(), cipher.get(), bytes, nullptr, nullptr) == 1);
  HYD_CHECK(EVP_DecryptInit_ex2(contexts_->open.get(), cipher.get(), bytes, nullptr, nullptr) == 1);
}

SealKey::SealKey(SealKey&&) noexcept = default;
SealKey& SealKey::operator=(SealKey&&) noexcept = default;
SealKey::~SealKey() = default;

std::string SealKey::seal(const SealNonce& nonce, std::string_view bound, std::string_view plain) {
  EVP_CIPHER_CTX* const context = contexts_->seal.get();
  std::string out(plain.size() + kSealTagBytes, '\0');
  int written = 0;
  HYD_CHECK(EVP_EncryptInit_ex2(context, nullptr, nullptr,
                                raw(std::string_view(nonce.data(), nonce.size())), nullptr) == 1);
  HYD_CHECK(EVP_EncryptUpdate(context, nullptr, &written, raw(bound), length(bound.size())) == 1);
  HYD_CHECK(
      EVP_EncryptUpdate(context, raw(out.data()), &written, raw(plain), length(plain.size())) == 1);
  char* const tag = out.data() + plain.size();
  HYD_CHECK(EVP_EncryptFinal_ex(context, raw(tag), &written) == 1);
  HYD_CHECK(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, int{kSealTagBytes}, tag) == 1);
  return out;
}

base::Result<std::string> SealKey::open(const SealNonce& nonce, std::string_view bound,
                                        std::string_view sealed) {
  const auto refused = [] { return base::fail(base::Code::denied, "seal: broken or another's"); };
  if (sealed.size() < kSealTagBytes) return refused();
  std::array<char, kSealTagBytes> tag{};
  sealed.substr(sealed.size() - kSealTagBytes).copy(tag.data(), tag.size());
  const std::string_view text = sealed.substr(0, sealed.size() - kSealTagBytes);
  EVP_CIPHER_CTX* const context = contexts_->open.get();
  std::string out(text.size(), '\0');
  int written = 0;
  HYD_CHECK(EVP_DecryptInit_ex2(context, nullptr, nullptr,
                                raw(std::string_view(nonce.data(), nonce.size())), nullptr) == 1);
  HYD_CHECK(EVP_DecryptUpdate(context, nullptr, &written, raw(bound), length(bound.size())) == 1);
  HYD_CHECK(EVP_DecryptUpdate(context, raw(out.data()), &written, raw(text), length(text.size())) ==
            1);
  HYD_CHECK(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, int{kSealTagBytes}, tag.data()) ==
            1);
  std::array<unsigned char, kSealTagBytes> nothing{};
  if (EVP_DecryptFinal_ex(context, nothing.data(), &written) != 1) return refused();
  return out;
}

}  // namespace hyd::codec
