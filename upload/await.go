package upload

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// pollEvery is how often GitHub is asked for the result.
const pollEvery = 5 * time.Second

// ErrPending says that GitHub has taken the file and has not read it yet.
var ErrPending = errors.New("GitHub has not processed the file yet; the upload itself is done")

// Await waits until GitHub has processed an upload. The error tells why GitHub
// could not, or is ErrPending when the client's patience ends.
func (c *Client) Await(ctx context.Context, t Target, id string) error {
	for waited := time.Duration(0); ; waited += pollEvery {
		var answer struct {
			Status string   `json:"processing_status"` // pending, complete, failed
			Errors []string `json:"errors"`
		}
		err := c.call(ctx, http.MethodGet, t.path()+"/"+url.PathEscape(id), nil, &answer)
		refusal, refused := errors.AsType[*Refusal](err)
		switch {
		case refused && refusal.Status == http.StatusNotFound: // not yet known on every server
		case err != nil:
			return err
		case answer.Status == "complete":
			return nil
		case answer.Status == "failed":
			why := strings.Join(answer.Errors, "; ")
			return fmt.Errorf("GitHub could not process the file: %q", why[:min(len(why), maxMessage)])
		}
		if waited >= c.patience {
			return ErrPending
		}
		if err := c.sleep(ctx, pollEvery); err != nil {
			return err
		}
	}
}
