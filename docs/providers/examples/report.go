// Sends one report with one file. Needs Go 1.16 or newer and nothing else.
//
//	CLEARINGHOUSE_URL       such as http://localhost:8480/ispws
//	CLEARINGHOUSE_USER      user name of your credential
//	CLEARINGHOUSE_PASSWORD  its password
package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
)

const report = `<?xml version="1.0" encoding="UTF-8"?>
<report>
  <incidentSummary>
    <incidentType>Online Enticement of Children for Sexual Acts</incidentType>
    <incidentDateTime>2026-02-03T14:05:11Z</incidentDateTime>
  </incidentSummary>
  <reporter>
    <reportingPerson><email>trust@harbor.example</email></reportingPerson>
  </reporter>
</report>`

const fileDetails = `<?xml version="1.0" encoding="UTF-8"?>
<fileDetails>
  <reportId>%s</reportId>
  <fileId>%s</fileId>
  <originalFileName>sample.bin</originalFileName>
  <fileViewedByEsp>true</fileViewedByEsp>
</fileDetails>`

// answer is what every endpoint says. A file id is text, never a number.
type answer struct {
	Code        int    `xml:"responseCode"`
	Description string `xml:"responseDescription"`
	Report      string `xml:"reportId"`
	File        string `xml:"fileId"`
}

// call posts to an endpoint. A refusal ends the program, with the reason.
func call(endpoint, contentType string, body io.Reader) answer {
	request, err := http.NewRequest(http.MethodPost, os.Getenv("CLEARINGHOUSE_URL")+"/"+endpoint, body)
	if err != nil {
		log.Fatal(err)
	}
	request.SetBasicAuth(os.Getenv("CLEARINGHOUSE_USER"), os.Getenv("CLEARINGHOUSE_PASSWORD"))
	request.Header.Set("Content-Type", contentType)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		log.Fatalf("%s: %s\n%s\n%s", endpoint, response.Status, text, response.Header.Get("Response-Help"))
	}
	var said answer
	if err := xml.Unmarshal(text, &said); err != nil {
		log.Fatal(err)
	}
	return said
}

func sendXML(endpoint, document string) answer {
	return call(endpoint, "text/xml; charset=utf-8", strings.NewReader(document))
}

// sendForm posts a form with the report's id and, if there is one, a file.
func sendForm(endpoint, id, name string, content []byte) answer {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("id", id); err != nil {
		log.Fatal(err)
	}
	if content != nil {
		part, err := form.CreateFormFile("file", name)
		if err != nil {
			log.Fatal(err)
		}
		if _, err := part.Write(content); err != nil {
			log.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		log.Fatal(err)
	}
	return call(endpoint, form.FormDataContentType(), &body)
}

func main() {
	// 1. Open the report. Only the incident's type and time are needed; send whatever else you know.
	id := sendXML("submit", report).Report
	// 2. Send a file.
	file := sendForm("upload", id, "sample.bin", []byte("an invented file")).File
	// 3. Say what you know about the file.
	sendXML("fileinfo", fmt.Sprintf(fileDetails, id, file))
	// 4. Finish. When this answers, the report is filed and durable.
	sendForm("finish", id, "", nil)
	fmt.Printf("filed report %s with file %s\n", id, file)
}
