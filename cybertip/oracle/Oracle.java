// Holds every document of a folder against a schema with the validator of the Java runtime, whose messages are the
// ones that the reporting API's clients know, and writes each document's messages to a text file of the same name.
//
// Usage: java Oracle.java SCHEMA DOCUMENTS-FOLDER GOLDEN-FOLDER NAME-PREFIX-OR-DASH
// With a dash, every document is taken whose name does not begin with "strict-".

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXParseException;

public class Oracle {
    public static void main(String[] words) throws Exception {
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        Schema schema = factory.newSchema(new File(words[0]));
        File[] documents = new File(words[1]).listFiles((folder, name) -> name.endsWith(".xml"));
        Arrays.sort(documents);
        int count = 0;
        for (File document : documents) {
            boolean strict = document.getName().startsWith("strict-");
            if (strict != words[3].equals("strict-")) continue;
            List<String> lines = messages(schema, document);
            String name = document.getName().replace(".xml", ".txt");
            Files.writeString(Path.of(words[2], name), String.join("\n", lines) + "\n");
            count++;
        }
        System.err.println(count + " documents");
    }

    static List<String> messages(Schema schema, File document) throws Exception {
        List<String> lines = new ArrayList<>();
        Validator validator = schema.newValidator();
        validator.setErrorHandler(new ErrorHandler() {
            public void warning(SAXParseException e) { add(e); }
            public void error(SAXParseException e) { add(e); }
            public void fatalError(SAXParseException e) throws SAXParseException { add(e); throw e; }
            void add(SAXParseException e) {
                lines.add("[" + e.getLineNumber() + "," + e.getColumnNumber() + "] - " + e.getMessage());
            }
        });
        try {
            validator.validate(new StreamSource(document));
        } catch (SAXParseException e) {
            lines.add("malformed");
        }
        return lines;
    }
}
