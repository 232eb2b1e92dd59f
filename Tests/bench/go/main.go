// The same service as somebody would write it in Go with AWS's own signer: what slotd is compared with.
//
//	slots -listen 127.0.0.1:8080    grants slots to everybody
//	slots -presign 10000            prints the nanoseconds that a presigned URL takes
//
// The bare signer of the SDK is used, not its S3 client, which makes the same URL with several times the work. As with slotd,
// the key of the object is random, size and host are signed, and an answer is written in one piece.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const bucket = "https://s3-eu-west-1.amazonaws.com/mybucket/"

var credentials = aws.Credentials{
	AccessKeyID:     "AKIAIOSFODNN7EXAMPLE",
	SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
}

// S3 has its paths escaped once.
var signer = v4.NewSigner(func(options *v4.SignerOptions) { options.DisableURIPathEscaping = true })

type request struct {
	JID         string `json:"jid"`
	Filename    string `json:"filename"`
	Size        int64  `json:"size"`
	ContentType string `json:"content_type"`
}

type address struct {
	URL     string    `json:"url"`
	Headers *[]string `json:"headers,omitempty"`
}

type slot struct {
	Put       address `json:"put"`
	Get       address `json:"get"`
	ExpiresAt string  `json:"expires_at"`
}

func grant(asked request) (slot, error) {
	token := make([]byte, 32)
	if _, err := rand.Read(token); err != nil {
		return slot{}, err
	}
	get := bucket + hex.EncodeToString(token) + "/" + url.PathEscape(asked.Filename)
	now := time.Now().UTC()
	put, err := presign(get, asked.Size, now)
	return slot{
		Put: address{URL: put, Headers: &[]string{}}, Get: address{URL: get},
		ExpiresAt: now.Add(time.Minute).Format(time.RFC3339),
	}, err
}

func presign(object string, size int64, now time.Time) (string, error) {
	put, err := http.NewRequest("PUT", object+"?X-Amz-Expires=60", nil)
	if err != nil {
		return "", err
	}
	put.ContentLength = size
	signed, _, err := signer.PresignHTTP(
		context.Background(), credentials, put, "UNSIGNED-PAYLOAD", "s3", "eu-west-1", now)
	return signed, err
}

func answer(response http.ResponseWriter, got *http.Request) {
	var asked request
	var err error
	if got.Method == http.MethodPost {
		err = json.NewDecoder(got.Body).Decode(&asked)
	} else {
		query := got.URL.Query()
		asked = request{JID: query.Get("jid"), Filename: query.Get("name"), ContentType: query.Get("content_type")}
		asked.Size, err = strconv.ParseInt(query.Get("size"), 10, 64)
	}
	if _, domain, found := strings.Cut(asked.JID, "@"); err != nil || !found || domain == "" ||
		asked.Filename == "" || asked.Size < 1 {
		http.Error(response, "bad request", http.StatusBadRequest)
		return
	}
	granted, err := grant(asked)
	if err != nil {
		http.Error(response, "no slot", http.StatusInternalServerError)
		return
	}
	var body bytes.Buffer
	kind, status := "application/json", http.StatusCreated
	switch {
	case got.Method != http.MethodPost:
		kind, status = "text/plain; charset=utf-8", http.StatusOK
		body.WriteString(granted.Put.URL + "\n" + granted.Get.URL)
	case got.Header.Get("Accept") == "application/xml":
		kind = "application/xml; charset=utf-8"
		body.WriteString("<slot xmlns='urn:xmpp:http:upload:0'><put url='" + escape(granted.Put.URL) +
			"'/><get url='" + escape(granted.Get.URL) + "'/></slot>")
	default:
		encoder := json.NewEncoder(&body)
		encoder.SetEscapeHTML(false)
		err = encoder.Encode(granted)
	}
	if err != nil {
		http.Error(response, "no answer", http.StatusInternalServerError)
		return
	}
	fields := response.Header()
	fields["Content-Type"] = []string{kind}
	fields["Cache-Control"] = []string{"no-store"}
	fields["Content-Length"] = []string{strconv.Itoa(body.Len())}
	response.WriteHeader(status)
	_, _ = response.Write(body.Bytes())
}

func escape(text string) string { return strings.ReplaceAll(text, "&", "&amp;") }

func main() {
	listen := flag.String("listen", "", "the address to serve")
	count := flag.Int("presign", 0, "URLs to make, without a server")
	flag.Parse()
	if *count > 0 {
		began := time.Now()
		for i := 0; i < *count; i++ {
			if _, err := presign(bucket+strings.Repeat("a", 64)+"/tr%C3%A8s%20cool.jpg", 23456, time.Now()); err != nil {
				log.Fatal(err)
			}
		}
		fmt.Println(time.Since(began).Nanoseconds() / int64(*count))
		return
	}
	http.HandleFunc("/slot", answer)
	log.Fatal(http.ListenAndServe(*listen, nil))
}
