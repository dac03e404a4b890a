package clientip

import (
	"fmt"
	"net/netip"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// UnmarshalYAML reads a list of networks and addresses. Its errors name the line.
func (p *Proxies) UnmarshalYAML(node ast.Node) error {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		return &yaml.SyntaxError{Message: "trusted_proxies: must be a list, such as [127.0.0.1, 10.0.0.0/8]", Token: node.GetToken()}
	}
	*p = make(Proxies, 0, len(list.Values))
	for _, value := range list.Values {
		text := ""
		if s, ok := value.(*ast.StringNode); ok {
			text = s.Value
		} else {
			text = value.String()
		}
		one, err := ParseProxy(text)
		if err != nil {
			return &yaml.SyntaxError{Message: "trusted_proxies: " + err.Error(), Token: value.GetToken()}
		}
		*p = append(*p, one)
	}
	return nil
}

// ParseProxy reads a network in CIDR form, or an address, which is a network of one.
func ParseProxy(text string) (netip.Prefix, error) {
	one, err := netip.ParsePrefix(text)
	if err != nil {
		a, err := netip.ParseAddr(text)
		if err != nil || a.Zone() != "" {
			return netip.Prefix{}, fmt.Errorf("%q is neither an address nor a network like 10.0.0.0/8", text)
		}
		one = netip.PrefixFrom(a, a.BitLen())
	}
	const mapped = 96 // bits before an IPv4 address in IPv6 (RFC 4291 §2.5.5.2)
	if one.Addr().Is4In6() && one.Bits() >= mapped {
		one = netip.PrefixFrom(one.Addr().Unmap(), one.Bits()-mapped)
	}
	if one.Bits() == 0 {
		return netip.Prefix{}, fmt.Errorf("%s is everybody; name only your own proxies", text)
	}
	return one.Masked(), nil
}
