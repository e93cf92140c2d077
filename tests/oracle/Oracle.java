// Renders a batch of templates with Apache Velocity 1.7: the other side of compare.py. Lines in and
// out are those of batch.cc.
//
//   java -cp ... Oracle ROOT LIBRARY < batch
//
// Mode `stage` configures Velocity as API Gateway behaves; `classic` leaves Velocity's own defaults,
// with templates from the folder ROOT and the macro file LIBRARY in it. Not part of the program.
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.event.InvalidReferenceEventHandler;
import org.apache.velocity.context.Context;
import org.apache.velocity.exception.ParseErrorException;
import org.apache.velocity.runtime.RuntimeInstance;
import org.apache.velocity.util.introspection.Info;

public final class Oracle {
  /** Every null reference is the empty text. */
  public static class Missing implements InvalidReferenceEventHandler {
    public Object invalidGetMethod(Context c, String ref, Object o, String property, Info info) {
      return "";
    }

    public boolean invalidSetMethod(Context c, String left, String right, Info info) {
      return false;
    }

    public Object invalidMethod(Context c, String ref, Object o, String method, Info info) {
      return "";
    }
  }

  /** Prints as JSON, its items as Java does elsewhere. */
  public static class JsonArray extends ArrayList<Object> {
    @Override
    public String toString() {
      StringBuilder out = new StringBuilder();
      json(this, out);
      return out.toString();
    }
  }

  /** A map in $context prints nothing. */
  public static class Silent extends LinkedHashMap<Object, Object> {
    @Override
    public String toString() {
      return "";
    }
  }

  public static class Input {
    private final String body;
    private final Map<String, Object> params;
    private Object root;

    Input(String body, Map<String, Object> params) {
      this.body = body;
      this.params = params;
    }

    public String getBody() {
      return body;
    }

    /** `$` and steps `.name` only; the rest of JSONPath has its own recorded answers. */
    public Object path(String path) {
      if (root == null) root = new Reader(body, true).value();
      Object at = root;
      for (String step : path.split("\\.")) {
        if (step.equals("$")) continue;
        at = at instanceof Map ? ((Map<?, ?>) at).get(step) : null;
      }
      return at;
    }

    public String json(String path) {
      Object found = path(path);
      StringBuilder out = new StringBuilder();
      json_value(found == null ? "" : found, out);
      return out.toString();
    }

    public Object params() {
      return params;
    }

    public String params(String name) {
      for (Object group : params.values()) {
        Object found = ((Map<?, ?>) group).get(name);
        if (found != null) return (String) found;
      }
      return null;
    }

    private static void json_value(Object value, StringBuilder out) {
      StringBuilder escaped = new StringBuilder();
      Oracle.json(value, escaped);
      out.append(escaped.toString().replace("\\/", "/"));
    }
  }

  public static class Util {
    public String base64Encode(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    public String base64Decode(String text) {
      return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    public String urlEncode(String text) throws Exception {
      return URLEncoder.encode(text, "UTF-8");
    }

    public String urlDecode(String text) throws Exception {
      return URLDecoder.decode(text, "UTF-8");
    }

    public String escapeJavaScript(String text) {
      return org.apache.commons.lang.StringEscapeUtils.escapeJavaScript(text);
    }

    public Object parseJson(String text) {
      return new Reader(text, true).value();
    }
  }

  /** JSON without any leniency. */
  private static final class Reader {
    private final String text;
    private final boolean arrays;
    private int at = 0;

    Reader(String text, boolean arrays) {
      this.text = text;
      this.arrays = arrays;
    }

    private char next() {
      while (Character.isWhitespace(text.charAt(at))) ++at;
      return text.charAt(at);
    }

    Object value() {
      char c = next();
      if (c == '{') {
        Map<Object, Object> out = new LinkedHashMap<>();
        ++at;
        while (next() != '}') {
          if (next() == ',') ++at;
          next();
          String key = string();
          next();
          ++at;
          out.put(key, value());
        }
        ++at;
        return out;
      }
      if (c == '[') {
        List<Object> out = arrays ? new JsonArray() : new ArrayList<>();
        ++at;
        while (next() != ']') {
          if (next() == ',') ++at;
          out.add(value());
        }
        ++at;
        return out;
      }
      if (c == '"') return string();
      int start = at;
      while (at < text.length() && "{}[],: \n".indexOf(text.charAt(at)) < 0) ++at;
      String word = text.substring(start, at);
      if (word.equals("true")) return Boolean.TRUE;
      if (word.equals("false")) return Boolean.FALSE;
      if (word.equals("null")) return null;
      if (word.matches("-?[0-9]+")) {
        BigInteger big = new BigInteger(word);
        if (big.bitLength() < 32) return big.intValue();
        return big.bitLength() < 64 ? (Object) big.longValue() : big;
      }
      return word.length() > 18 ? (Object) new BigDecimal(word) : Double.valueOf(word);
    }

    private String string() {
      StringBuilder out = new StringBuilder();
      for (++at; text.charAt(at) != '"'; ++at) {
        char c = text.charAt(at);
        if (c == '\\') {
          c = text.charAt(++at);
          int known = "bfnrt".indexOf(c);
          if (known >= 0) c = "\b\f\n\r\t".charAt(known);
          if (c == 'u') {
            c = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
            at += 4;
          }
        }
        out.append(c);
      }
      ++at;
      return out.toString();
    }
  }

  /** As json-smart writes it. */
  static void json(Object value, StringBuilder out) {
    if (value instanceof Map) {
      String before = "{";
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        out.append(before);
        before = ",";
        json(String.valueOf(entry.getKey()), out);
        out.append(':');
        json(entry.getValue(), out);
      }
      out.append(((Map<?, ?>) value).isEmpty() ? "{}" : "}");
    } else if (value instanceof List) {
      String before = "[";
      for (Object item : (List<?>) value) {
        out.append(before);
        before = ",";
        json(item, out);
      }
      out.append(((List<?>) value).isEmpty() ? "[]" : "]");
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      out.append('"');
      for (char c : value.toString().toCharArray()) {
        int known = "\"\\/\b\f\n\r\t".indexOf(c);
        if (known >= 0) {
          out.append('\\').append("\"\\/bfnrt".charAt(known));
        } else if (c < ' ' || (c >= 0x7F && c <= 0x9F) || (c >= 0x2000 && c <= 0x20FF)) {
          out.append(String.format("\\u%04X", (int) c));
        } else {
          out.append(c);
        }
      }
      out.append('"');
    }
  }

  private static RuntimeInstance engine(boolean classic, String root, String library)
      throws Exception {
    RuntimeInstance runtime = new RuntimeInstance();
    Properties set = new Properties();
    set.put("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
    set.put("file.resource.loader.path", root);
    if (classic) {
      set.put("velocimacro.library", library);
      set.put("parser.pool.size", "2"); // made anew for each template
    } else {
      set.put("eventhandler.invalidreferences.class", Missing.class.getName());
      set.put("velocimacro.permissions.allow.inline", "false");
      set.put("velocimacro.library", "");
      set.put("directive.foreach.maxloops", "1000");
    }
    runtime.init(set);
    if (!classic) runtime.removeDirective("evaluate");
    return runtime;
  }

  private static Object overrides(String... names) {
    Silent out = new Silent();
    for (String name : names) out.put(name, new Silent());
    return out;
  }

  private static Object silence(Object value) {
    if (!(value instanceof Map)) return value;
    Silent out = new Silent();
    ((Map<?, ?>) value).forEach((key, inner) -> out.put(key, silence(inner)));
    return out;
  }

  @SuppressWarnings("unchecked")
  private static VelocityContext context(boolean classic, String json) {
    Map<String, Object> request = (Map<String, Object>) new Reader(json, false).value();
    if (classic) return new VelocityContext(request);
    VelocityContext out = new VelocityContext();
    String body = (String) request.getOrDefault("body", "{}");
    out.put("input", new Input(body, (Map<String, Object>) request.get("params")));
    out.put("util", new Util());
    Map<Object, Object> fields = new LinkedHashMap<>();
    ((Map<?, ?>) request.get("context")).forEach((key, value) -> fields.put(key, silence(value)));
    fields.put("requestOverride", overrides("path", "header", "querystring"));
    fields.put("responseOverride", overrides("header"));
    out.put("context", fields);
    out.put("stageVariables", request.get("stageVariables"));
    return out;
  }

  private static String decode(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  public static void main(String[] arguments) throws Exception {
    RuntimeInstance stage = engine(false, arguments[0], arguments[1]);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    BufferedWriter out =
        new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] field = line.split("\t");
      boolean is_classic = field[0].equals("classic");
      StringWriter text = new StringWriter();
      String word = "ok";
      String answer;
      try {
        // A macro that one template defines would be known to the next.
        RuntimeInstance engine = is_classic ? engine(true, arguments[0], arguments[1]) : stage;
        engine.evaluate(
                context(is_classic, decode(field[2])), text, "t" + ++number, decode(field[1]));
        answer = text.toString();
      } catch (ParseErrorException e) {
        word = "parse";
        answer = String.valueOf(e.getMessage());
      } catch (Exception | StackOverflowError e) {
        word = "fail";
        answer = String.valueOf(e.getMessage());
      }
      out.write(word + "\t");
      out.write(
          Base64.getEncoder().encodeToString(answer.getBytes(StandardCharsets.UTF_8)) + "\n");
    }
    out.flush();
  }
}
