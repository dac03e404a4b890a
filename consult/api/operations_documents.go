package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/document"
)

// Documents of a consultation. Practitioners, and who acts for them, come with their sign-in or a token; participants with the ticket of
// their link, in the header "Authorization: Ticket …". uploads.go has what carries the bytes.
type (
	documentsBody    = document.List
	newDocumentInput struct {
		ID   consult.ConsultationID `path:"id" maxLength:"64"`
		Body struct {
			Name            string                  `json:"name" maxLength:"2000" doc:"Of the file; it is cleaned, and its ending made to fit its kind."`
			Size            int64                   `json:"size" minimum:"1" doc:"Bytes."`
			Key             string                  `json:"key,omitempty" maxLength:"64" doc:"The sender's own name for this upload: sent again, it is the same upload."`
			To              []consult.ParticipantID `json:"to,omitempty" maxItems:"20" doc:"For whom, of the practitioner only. Left out: the patient."`
			LocationRemoved bool                    `json:"location_removed,omitempty" doc:"The page took out where the photograph was taken."`
		}
	}
	uploadBody struct {
		ID     consult.DocumentID `json:"id"`
		Upload string             `json:"upload" doc:"Path for HEAD and PATCH: tus 1.0, core protocol."`
		Offset int64              `json:"offset" doc:"Bytes that are here already."`
	}
	uploadOutput struct {
		Location string `header:"Location"`
		Body     uploadBody
	}
	documentInput struct {
		ID       consult.ConsultationID `path:"id" maxLength:"64"`
		Document consult.DocumentID     `path:"document" maxLength:"64"`
		Body     *noBody
	}
	oneDocumentInput struct {
		ID       consult.ConsultationID `path:"id" maxLength:"64"`
		Document consult.DocumentID     `path:"document" maxLength:"64"`
	}
	shareInput struct {
		ID       consult.ConsultationID `path:"id" maxLength:"64"`
		Document consult.DocumentID     `path:"document" maxLength:"64"`
		Body     struct {
			To []consult.ParticipantID `json:"to" maxItems:"20" doc:"Who may see it, besides the practitioner and the sender."`
		}
	}
	openedBody struct {
		URL     string `json:"url" doc:"Path that reads this document for an hour, for whoever has it."`
		Shown   bool   `json:"shown" doc:"Browsers show it; others are downloaded."`
		Seconds int    `json:"seconds" doc:"How long the path is good."`
	}
	codeInput struct {
		ID          consult.ConsultationID `path:"id" maxLength:"64"`
		Participant consult.ParticipantID  `path:"participant" maxLength:"64"`
		Body        struct {
			Renew bool `json:"renew,omitempty" doc:"Make a new code; the old one opens nothing more."`
			Send  bool `json:"send,omitempty" doc:"Send it to the patient."`
		}
	}
	codeBody struct {
		Code string `json:"code" doc:"Six digits; with the patient's link they open the documents after the end."`
		Sent bool   `json:"sent"`
	}
	unlockInput struct {
		Body struct {
			Ticket string `json:"ticket" maxLength:"100" doc:"From the link."`
			Code   string `json:"code" maxLength:"20"`
		}
	}
	unlockedBody struct {
		Ticket       string                 `json:"ticket" doc:"Reads the documents for an hour: Authorization: Ticket …"`
		Consultation consult.ConsultationID `json:"consultation"`
	}
	askCodeInput struct {
		Body struct {
			Ticket string `json:"ticket" maxLength:"100" doc:"From the link."`
		}
	}
)

// documents is the area of documents. Its operations are public as the table sees it: viewer says who may, by ticket or by scope.
func (a *api) documents() []operation {
	const of = "/consultations/{id}/documents"
	const one = of + "/{document}"
	return []operation{
		op(http.MethodGet, of, "documents", "The documents of a consultation that the asker may see", http.StatusOK, public, a.listDocuments),
		op(http.MethodPost, of, "send-document", "Announce a document; its bytes follow", http.StatusCreated, public, a.sendDocument),
		stream(http.MethodHead, one+"/upload", "upload-offset", "How many bytes of a document are on disk", http.StatusOK, public, a.uploadOffset),
		stream(http.MethodPatch, one+"/upload", "upload", "Add bytes to a document", http.StatusNoContent, public, a.upload).taking(maxUpload, uploadType),
		op(http.MethodPost, one+"/open", "open-document", "Open a document: it counts as seen", http.StatusOK, public, a.openDocument),
		stream(http.MethodGet, one+"/content", "document-content", "The bytes of a document, for programs", http.StatusOK, public, a.documentContent),
		op(http.MethodPatch, one, "share-document", "Say who may see a document", http.StatusOK, account.ScopeDocumentsWrite, a.shareDocument),
		op(http.MethodDelete, one, "remove-document", "Erase a document", http.StatusNoContent, public, a.removeDocument),
		op(http.MethodPost, "/consultations/{id}/participants/{participant}/document-code", "document-code", "The code that opens a patient's documents after the end", http.StatusOK, account.ScopeDocumentsWrite, a.documentCode),
		op(http.MethodPost, "/documents/unlock", "unlock-documents", "Read the documents with link and code, after the end", http.StatusOK, public, a.unlockDocuments),
		op(http.MethodPost, "/documents/code", "send-document-code", "Have the code sent, after the end", http.StatusNoContent, public, a.sendDocumentCode),
	}
}

// viewer returns as whom somebody asks for documents of this consultation.
func (a *api) viewer(ctx context.Context, id consult.ConsultationID, scope account.Scope) (document.Viewer, error) {
	if who := callerOf(ctx); who.ticket != "" {
		return a.viewerByTicket(ctx, who, id, scope == account.ScopeDocumentsWrite)
	}
	actor := a.actor(ctx)
	switch {
	case actor.Account.ID == "":
		return document.Viewer{}, account.ErrSignedOut
	case !actor.Has(scope):
		return document.Viewer{}, errScope
	}
	c, err := a.consultation(ctx, id)
	if err != nil {
		return document.Viewer{}, err
	}
	return document.Viewer{
		Consultation: c, Participant: c.PractitionerParticipant(), Marks: actor.Account.ID == c.Practitioner,
	}, nil
}

func (a *api) viewerByTicket(ctx context.Context, who caller, id consult.ConsultationID, writes bool) (document.Viewer, error) {
	v, err := a.Documents.Reader(who.ticket)
	if writes && errors.Is(err, consult.ErrBadTicket) {
		v, err = a.Documents.Completer(who.ticket)
	}
	if errors.Is(err, consult.ErrBadTicket) {
		var seat consult.Seat
		if seat, err = a.Practice.Redeem(ctx, who.ticket, who.from); err == nil {
			v = document.Viewer{Consultation: seat.Consultation, Participant: seat.Participant, Marks: true}
		}
	}
	if err != nil {
		return document.Viewer{}, err
	}
	if v.Consultation.ID != id {
		return document.Viewer{}, consult.ErrNotFound
	}
	return v, nil
}

func (a *api) listDocuments(ctx context.Context, in *oneInput) (*bodyOf[documentsBody], error) {
	v, err := a.viewer(ctx, in.ID, account.ScopeDocumentsRead)
	if err != nil {
		return nil, err
	}
	list, err := a.Documents.List(v)
	if err != nil {
		return nil, err
	}
	return &bodyOf[documentsBody]{list}, nil
}

func (a *api) sendDocument(ctx context.Context, in *newDocumentInput) (*uploadOutput, error) {
	v, err := a.viewer(ctx, in.ID, account.ScopeDocumentsWrite)
	if err != nil {
		return nil, err
	}
	doc, fresh, err := a.Documents.Create(v, document.New{
		Name: in.Body.Name, Size: in.Body.Size, Key: in.Body.Key, To: in.Body.To, LocationRemoved: in.Body.LocationRemoved,
	})
	if err != nil {
		return nil, err
	}
	body := uploadBody{ID: doc.ID, Upload: base + "/consultations/" + string(in.ID) + "/documents/" + string(doc.ID) + "/upload"}
	if !fresh {
		if body.Offset, _, err = a.Documents.Offset(v, doc.ID); err != nil {
			return nil, err
		}
	}
	return &uploadOutput{body.Upload, body}, nil
}

func (a *api) openDocument(ctx context.Context, in *documentInput) (*bodyOf[openedBody], error) {
	v, err := a.viewer(ctx, in.ID, account.ScopeDocumentsRead)
	if err != nil {
		return nil, err
	}
	return a.opened(v, in.Document)
}

// opened is the address of a document for this viewer.
func (a *api) opened(v document.Viewer, id consult.DocumentID) (*bodyOf[openedBody], error) {
	address, err := a.Documents.Open(v, id)
	if err != nil {
		return nil, err
	}
	url := "/d/" + string(address.Consultation) + "/" + string(address.Document) + "/" + address.Right
	return &bodyOf[openedBody]{openedBody{url, address.Shown, int(document.AddressLifetime / time.Second)}}, nil
}

func (a *api) shareDocument(ctx context.Context, in *shareInput) (*bodyOf[document.View], error) {
	v, err := a.viewer(ctx, in.ID, account.ScopeDocumentsWrite)
	if err != nil {
		return nil, err
	}
	view, err := a.Documents.Share(v, in.Document, in.Body.To)
	if err != nil {
		return nil, err
	}
	return &bodyOf[document.View]{view}, nil
}

func (a *api) removeDocument(ctx context.Context, in *oneDocumentInput) (*struct{}, error) {
	v, err := a.viewer(ctx, in.ID, account.ScopeDocumentsWrite)
	if err == nil {
		err = a.Documents.Remove(v, in.Document)
	}
	return nil, err
}

func (a *api) documentCode(ctx context.Context, in *codeInput) (*bodyOf[codeBody], error) {
	v, err := a.viewer(ctx, in.ID, account.ScopeDocumentsWrite)
	if err != nil {
		return nil, err
	}
	code, err := a.Documents.Code(v, in.Participant, in.Body.Renew)
	if err == nil && in.Body.Send {
		if err = a.Documents.SendCode(v.Consultation, in.Participant); err == nil {
			code, err = a.Documents.Code(v, in.Participant, false) // a locked one was sent anew
		}
	}
	if err != nil {
		return nil, err
	}
	return &bodyOf[codeBody]{codeBody{code, in.Body.Send}}, nil
}

func (a *api) unlockDocuments(ctx context.Context, in *unlockInput) (*bodyOf[unlockedBody], error) {
	secret, v, err := a.Documents.Unlock(ctx, in.Body.Ticket, in.Body.Code, callerOf(ctx).from)
	if err != nil {
		return nil, err
	}
	return &bodyOf[unlockedBody]{unlockedBody{secret, v.Consultation.ID}}, nil
}

// sendDocumentCode says whether the code can be sent at all: who has the link may know that.
func (a *api) sendDocumentCode(_ context.Context, in *askCodeInput) (*struct{}, error) {
	v, _, err := a.Documents.After(in.Body.Ticket)
	if err == nil {
		err = a.Documents.SendCode(v.Consultation, v.Participant.ID)
	}
	return nil, err
}
