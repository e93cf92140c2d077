// What Jayway JsonPath 2.9.0 with json-smart 2.5.0 finds: the other side of record_jsonpath.py. A
// line in is DOCUMENT <tab> PATH, both in base64; a line out is `ok`, `missing` or `fail`, a tab, and
// the JSON or the message in base64. Not part of the program.
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.PathNotFoundException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.minidev.json.JSONValue;

public final class JsonPathRecorder {
  private static String decode(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String answer(String document, String path) {
    try {
      Object root = Configuration.defaultConfiguration().jsonProvider().parse(document);
      Object found = JsonPath.parse(root).read(path);
      return "ok\t" + encode(JSONValue.toJSONString(found).replace("\\/", "/"));
    } catch (PathNotFoundException e) {
      return "missing\t";
    } catch (Exception | StackOverflowError e) {
      return "fail\t" + encode(String.valueOf(e.getMessage()));
    }
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] field = line.split("\t", -1);
      out.println(answer(decode(field[0]), decode(field[1])));
    }
    out.flush();
  }
}
