// The cases of a folder by Apache Velocity 1.7, as hydrant.cc does them:
//
//   java -cp ... VelocityBench FOLDER SECONDS CASE...
//
// Configured as API Gateway behaves (tests/oracle/Oracle.java); JSON by json-smart, as Jayway reads
// it. Each case is warmed for as long as it is timed.
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import net.minidev.json.JSONStyle;
import net.minidev.json.JSONValue;
import net.minidev.json.parser.JSONParser;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.event.InvalidReferenceEventHandler;
import org.apache.velocity.context.Context;
import org.apache.velocity.context.InternalContextAdapterImpl;
import org.apache.velocity.runtime.RuntimeInstance;
import org.apache.velocity.runtime.parser.node.SimpleNode;
import org.apache.velocity.util.introspection.Info;

public final class VelocityBench {
  static final Map<String, String> HEADERS = new LinkedHashMap<>();
  static final Map<String, String> PATH = Map.of("stream-name", "class-stream");

  static {
    HEADERS.put("Accept", "*/*");
    HEADERS.put("Content-Type", "application/json");
    HEADERS.put("User-Agent", "bench/1");
    HEADERS.put("X-Amzn-Trace-Id", "Root=1-625a2f3c-0123456789abcdef01234567");
  }

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

  public static class Input {
    private final String body;
    private Object root;

    Input(String body) {
      this.body = body;
    }

    private Object find(String expression) throws Exception {
      if (root == null) {
        char first = body.isEmpty() ? '{' : body.charAt(0);
        root = first == '{' || first == '[' ? new JSONParser(JSONParser.MODE_PERMISSIVE).parse(body, JSONValue.defaultReader.DEFAULT_ORDERED) : body;
      }
      Object at = root;
      for (int dot = expression.indexOf('.'); dot >= 0; ) {
        int next = expression.indexOf('.', dot + 1);
        String name = expression.substring(dot + 1, next < 0 ? expression.length() : next);
        at = at instanceof Map ? ((Map<?, ?>) at).get(name) : null;
        dot = next;
      }
      return at;
    }

    public String getBody() {
      return body;
    }

    public Object path(String expression) throws Exception {
      return find(expression);
    }

    public String json(String expression) throws Exception {
      return JSONValue.toJSONString(find(expression), JSONStyle.LT_COMPRESS);
    }

    public Map<String, Object> params() {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("path", PATH);
      all.put("querystring", Map.of());
      all.put("header", HEADERS);
      return all;
    }

    public String params(String name) {
      String found = PATH.get(name);
      if (found == null) found = HEADERS.get(name);
      return found == null ? "" : found;
    }
  }

  public static class Util {
    public String base64Encode(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    public String urlDecode(String text) {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    public String urlEncode(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    public String escapeJavaScript(String text) {
      return StringEscapeUtils.escapeJavaScript(text);
    }
  }

  static RuntimeInstance engine() throws Exception {
    RuntimeInstance engine = new RuntimeInstance();
    engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
    engine.setProperty("eventhandler.invalidreferences.class", Missing.class.getName());
    engine.setProperty("velocimacro.permissions.allow.inline", "false");
    engine.setProperty("directive.foreach.maxloops", "1000");
    engine.init();
    return engine;
  }

  static String render(RuntimeInstance engine, SimpleNode tree, String body) throws Exception {
    VelocityContext context = new VelocityContext();
    context.put("input", new Input(body));
    context.put("util", new Util());
    InternalContextAdapterImpl adapter = new InternalContextAdapterImpl(context);
    adapter.pushCurrentTemplateName("case");
    StringWriter out = new StringWriter();
    tree.render(adapter, out);
    return out.toString();
  }

  static int fnv1a(byte[] bytes) {
    int hash = 0x811c9dc5;
    for (byte b : bytes) hash = (hash ^ (b & 0xff)) * 16777619;
    return hash;
  }

  public static void main(String[] words) throws Exception {
    double seconds = Double.parseDouble(words[1]);
    RuntimeInstance engine = engine();
    for (int i = 2; i < words.length; ++i) {
      Path at = Path.of(words[0]);
      String body = Files.readString(at.resolve(words[i] + ".body"));
      String output = "";
      double rate = 0;
      try {
        SimpleNode tree =
            engine.parse(new StringReader(Files.readString(at.resolve(words[i] + ".vtl"))), "case");
        tree.init(new InternalContextAdapterImpl(new VelocityContext()), engine);
        for (int round = 0; round < 2; ++round) {  // the first one warms
          long started = System.nanoTime();
          double elapsed = 0;
          long renders = 0;
          for (; elapsed < seconds; ++renders) {
            output = render(engine, tree, body);
            elapsed = (System.nanoTime() - started) / 1e9;
          }
          rate = renders / elapsed;
        }
      } catch (Exception error) {
        System.err.println(words[i] + ": " + error);
        System.out.println(words[i] + " - 0 0");
        continue;
      }
      byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
      System.out.printf("%s %.1f %d %s%n", words[i], rate, bytes.length, Integer.toUnsignedString(fnv1a(bytes)));
    }
  }
}
